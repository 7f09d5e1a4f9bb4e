/* SPDX-License-Identifier: MIT */
/* Windows driver files for the judges: found by walking, mapped and not looked at. */
#ifndef IO_DRIVER_FILES_H
#define IO_DRIVER_FILES_H

#include <stdbool.h>

#include "vbscheck/arena.h"
#include "vbscheck/out.h"
#include "vbscheck/span.h"
#include "vbscheck/status.h"

/* Caps; each excess is reported, and the rest goes on. */
enum {
    DRIVER_FILES_MAX = 1 << 17,
    DRIVER_FILE_MAX = 1 << 30, /* bytes; the largest real driver has about 100 MB */
    DRIVER_DEPTH_MAX = 32,
};

struct driver_path {
    const char *path; /* arena text */
    bool named;       /* given itself, not found in a folder */
};

struct driver_paths {
    struct driver_path *items;
    size_t n;
    struct names unread; /* folders that could not be read, and why */
};

/*
 * Adds `path`, if it is a file, or the files of the folder and those below it, each folder sorted
 * by name. Links inside a folder are not followed. Returns ST_OK; ST_TRUNCATED over a cap; or why
 * `path` cannot be looked at (with *problem).
 */
enum status driver_files_find(const char *path, struct arena *a, struct driver_paths *out,
                              const char **problem);

/* True if the name is that of an archive. */
bool driver_file_is_packed(const char *path);

/*
 * Maps a file read-only, so that a page is read only when somebody looks at it. Empty files are
 * empty spans. `whole`: the caller will read all of it, not a few pages. Returns ST_OK,
 * ST_TRUNCATED (over the cap), or why not.
 */
enum status driver_file_map(const struct driver_path *file, bool whole, struct span *out);
void driver_file_unmap(struct span *data);

#endif
