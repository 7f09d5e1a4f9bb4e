/* SPDX-License-Identifier: MIT */
/* Reads what --from names: bytes only; it looks at nothing but the magic of archives. */
#ifndef IO_INPUT_H
#define IO_INPUT_H

#include <sys/types.h>

#include "load/raw.h"
#include "vbscheck/arena.h"

/* One machine to judge: the place of its evidence, and its name in reports. */
struct input_item {
    const char *path;
    size_t named; /* bytes of it that the user named; the rest was found below */
    struct folder_id {
        dev_t device;
        ino_t inode;
    } folder; /* where it was found */
};

struct input_list {
    struct input_item *items;
    size_t n;
};

/* The most inputs of one run: a list of them has to fit into memory. */
enum { INPUTS_MAX = 100000 };

/*
 * A caller that may look into files: reports what those of one folder are, with memory from `a`.
 * NULL: nobody may, and all count as evidence.
 */
struct input_looker {
    enum load_found (*look)(void *context, const struct raw_input *in, struct arena *a);
    void *context;
};

/*
 * Lists the inputs that one --from argument stands for, in order. A file, "-", a folder with
 * manifest.json, a bundle from another tool and a folder with nothing but files stand for
 * themselves. So does a folder whose folders hold only parts of a machine: raw tables, in one
 * folder only, and EFI variables. Any other folder of folders or archives stands for each of those,
 * sorted by name, folders of folders again down to RAW_DEPTH_MAX; *skipped names the files beside
 * them that are not evidence (a list for people, NULL if there are none).
 *
 * Returns ST_OK; ST_CONFLICT (evidence lies beside machines), or why `path` could not be looked at
 * (with one line in *problem).
 */
enum status input_expand(const char *path, const struct input_looker *looker, struct arena *a,
                         struct input_list *out, const char **skipped, const char **problem);

/*
 * Reads one input: a file, "-" (standard input), or the files of a folder and of the folders below
 * it. Links are followed in the path that the user named, but neither in what was found below it
 * nor inside a folder: a thing that took the place of an archive since then is read only if it is
 * itself a regular file or a folder. Files that cannot be read are listed with their status.
 *
 * Reading ends after LIMIT_WALL_SECONDS; for standard input they begin with its first byte.
 *
 * Returns ST_OK; ST_TRUNCATED over a limit of vbscheck/limits.h; or why not, with one line in
 * *problem.
 */
enum status input_read(const struct input_item *item, struct arena *a, struct raw_input *out,
                       const char **problem);

/* The same for "-", standard input, after `head` was read from it. */
enum status input_read_rest(struct span head, struct arena *a, struct raw_input *out,
                            const char **problem);

/* Closes what input_read() left open: an archive that is too large for memory. */
void input_close(struct raw_input *in);

#endif
