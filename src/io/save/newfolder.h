/* SPDX-License-Identifier: MIT */
/* A new folder of files that appears under its name whole or not at all. */
#ifndef IO_SAVE_NEWFOLDER_H
#define IO_SAVE_NEWFOLDER_H

#include <stdbool.h>

#include "vbscheck/arena.h"
#include "vbscheck/span.h"
#include "vbscheck/status.h"

struct newfolder {
    const char *path;    /* its name, without a slash at the end */
    const char *partial; /* the name beside it, while it is made */
    int fd;              /* -1 after the end */
};

/*
 * Makes the folder under its name for the time of making; removes first what a killed run left.
 * Signals are held by the caller. Returns ST_OK, or why not with *problem in one line.
 */
enum status newfolder_open(const char *path, struct arena *a, struct newfolder *out,
                           const char **problem);

/* Adds a file, and the folders in its name. Returns false, with errno, on failure. */
bool newfolder_add(const struct newfolder *f, const char *name, struct span data, struct arena *a);

/*
 * Writes all of it to the disk, gives it its name, and writes that to the disk, too. It replaces an
 * empty folder and nothing else; *exists becomes true if there is something else.
 * Returns ST_OK, or ST_IO_ERROR with *problem; only newfolder_abandon() may follow.
 */
enum status newfolder_commit(struct newfolder *f, bool *exists, struct arena *a,
                             const char **problem);

/* Removes what was made so far; does nothing after a commit that succeeded. */
void newfolder_abandon(struct newfolder *f, struct arena *a);

#endif
