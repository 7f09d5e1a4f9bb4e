/* SPDX-License-Identifier: MIT */
/* A new file that appears under its name whole or not at all, and stays after a loss of power. */
#ifndef IO_SAVE_NEWFILE_H
#define IO_SAVE_NEWFILE_H

#include <stdbool.h>
#include <sys/types.h>

#include "vbscheck/arena.h"
#include "vbscheck/status.h"

struct newfile {
    const char *path; /* its name, without links */
    int fd;           /* to write to; -1 after the end */
};

/*
 * Makes a file without a name in the folder of `path`, so that nothing of it remains however the
 * program ends. Returns ST_OK, or why not with *problem in one line; *out is valid on success only.
 */
enum status newfile_open(const char *path, mode_t mode, struct arena *a, struct newfile *out,
                         const char **problem);

/*
 * Writes the file to the disk, gives it its name, and writes that to the disk, too. `replaces`: a
 * file of this name is replaced; else it is kept, and *exists becomes true. The file is closed.
 * Returns ST_OK, or ST_IO_ERROR with *problem.
 */
enum status newfile_commit(struct newfile *f, bool replaces, bool *exists, struct arena *a,
                           const char **problem);

/* Discards it; does nothing after newfile_commit(). */
void newfile_abandon(struct newfile *f);

#endif
