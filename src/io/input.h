/* SPDX-License-Identifier: MIT */
/* Reading what --from names: bytes only, nothing is looked into but the magic of archives. */
#ifndef IO_INPUT_H
#define IO_INPUT_H

#include <sys/types.h>

#include "load/raw.h"
#include "vbscheck/arena.h"

/* One machine to judge: where its evidence is and how it is called in reports. */
struct input_item {
    const char *path;
    size_t named; /* so many bytes of it somebody named; the rest was found below */
    struct folder_id {
        dev_t device;
        ino_t inode;
    } folder; /* where it was found */
};

struct input_list {
    struct input_item *items;
    size_t n;
};

/* More inputs than one run takes: a list of them has to fit into memory. */
enum { INPUTS_MAX = 100000 };

/* Whoever may look into files: what those of one folder are, with memory from `a`. NULL: nobody,
 * and all are taken for evidence. */
struct input_looker {
    enum load_found (*look)(void *context, const struct raw_input *in, struct arena *a);
    void *context;
};

/*
 * The inputs that one --from argument stands for, in order. A file, "-", a folder with
 * manifest.json, a bundle of another tool and a folder that holds nothing but files stand for
 * themselves. So does one with folders of nothing but parts of a machine: raw tables, of one folder
 * only, and EFI variables. Any other folder of folders or archives stands for each of those, sorted
 * by name, folders of folders again down to RAW_DEPTH_MAX; files beside them that are no evidence
 * are named in *skipped (a list for people, NULL when there are none).
 *
 * Returns ST_OK; ST_CONFLICT (evidence lies beside machines), or why `path` could not be looked at
 * (*problem says it in one line).
 */
enum status input_expand(const char *path, const struct input_looker *looker, struct arena *a,
                         struct input_list *out, const char **skipped, const char **problem);

/*
 * Reads one input: a file, "-" (standard input), or the files of a folder and of the folders
 * below it. Links are followed in what somebody named, and neither in what was found below it nor
 * inside a folder: whatever took the place of an archive since it was found, it is a regular file
 * or a folder, right there, or not read. Files that cannot be read are there with their status.
 *
 * Reading ends after LIMIT_WALL_SECONDS; for standard input they begin with its first byte.
 *
 * Returns ST_OK; ST_TRUNCATED over a limit of vbscheck/limits.h; or why not. *problem says it in
 * one line.
 */
enum status input_read(const struct input_item *item, struct arena *a, struct raw_input *out,
                       const char **problem);

/* Closes what input_read() left open: an archive that is too large for memory. */
void input_close(struct raw_input *in);

#endif
