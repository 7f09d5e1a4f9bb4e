/* SPDX-License-Identifier: MIT */
/* The document's way out: standard output, or a file that appears whole or not at all. */
#ifndef IO_OUTPUT_H
#define IO_OUTPUT_H

#include <stdbool.h>

#include "vbscheck/arena.h"
#include "vbscheck/span.h"

struct output {
    const char *path; /* NULL: standard output */
    const char *temporary;
    int fd;
};

/*
 * Opens standard output (`path` NULL) or a temporary file beside `path`.
 * Returns ST_OK, or why not with *problem in one line; *out is valid on success only.
 */
enum status output_open(const char *path, struct arena *a, struct output *out,
                        const char **problem);

/* Writes all bytes. Returns ST_OK or ST_IO_ERROR with *problem. */
enum status output_write(struct output *o, struct span data, struct arena *a, const char **problem);

/* Makes the file appear under its name (atomic rename after flushing to disk). */
enum status output_commit(struct output *o, struct arena *a, const char **problem);

/* Removes the temporary file, if there is one; does nothing after output_commit(). */
void output_abandon(struct output *o);

#endif
