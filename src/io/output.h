/* SPDX-License-Identifier: MIT */
/* Writes the document: to standard output, or to a file that appears whole or not at all. */
#ifndef IO_OUTPUT_H
#define IO_OUTPUT_H

#include <stdbool.h>

#include "vbscheck/arena.h"
#include "vbscheck/span.h"

struct output {
    bool unread;      /* the reader of standard output has gone; nothing more is written */
    const char *path; /* NULL: standard output */
    bool is_new;      /* a file that has no name yet; else a device or a pipe */
    int fd;
};

/*
 * Opens standard output (`path` NULL) or a file without a name in the folder of `path`, so that
 * nothing of it remains however the program ends. If `path` is a link that belongs to this user or
 * root, the file behind it is replaced; another user's link could lead anywhere, and is refused.
 * Returns ST_OK, or why not with *problem in one line; *out is valid on success only.
 */
enum status output_open(const char *path, struct arena *a, struct output *out,
                        const char **problem);

/* Writes all bytes. Returns ST_OK or ST_IO_ERROR with *problem. */
enum status output_write(struct output *o, struct span data, struct arena *a, const char **problem);

/* Makes the file appear under its name, as newfile_commit() does. */
enum status output_commit(struct output *o, struct arena *a, const char **problem);

/* Discards what was written; does nothing after output_commit(). */
void output_abandon(struct output *o);

#endif
