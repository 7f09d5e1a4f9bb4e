/* SPDX-License-Identifier: MIT */
/* The destination of a capture's files: a new folder, or a new archive. */
#ifndef IO_STORE_SINK_H
#define IO_STORE_SINK_H

#include <time.h>

#include "io/save/newfile.h"
#include "io/save/newfolder.h"
#include "io/store_archive.h"
#include "vbscheck/arena.h"
#include "vbscheck/span.h"

struct store_sink {
    struct arena *arena;
    const char *path; /* where it finally appears, without trailing slashes */
    bool is_archive;  /* else a folder */
    struct newfile file;
    struct newfolder folder;
    struct store_archive archive;
    time_t time; /* of all entries */
};

/*
 * Starts a folder, or an archive if `path` ends like one.
 * Returns ST_OK, or why not with *problem; *out is valid on success only.
 */
enum status sink_open(const char *path, time_t at, struct arena *a, struct store_sink *out,
                      const char **problem);

/* Adds one file, and makes the folders in `name`. */
enum status sink_file(struct store_sink *s, const char *name, struct span data,
                      const char **problem);

/* Makes all of it appear under its name. On failure only sink_abandon() may follow. */
enum status sink_commit(struct store_sink *s, const char **problem);

/* Removes what was made so far. */
void sink_abandon(struct store_sink *s);

#endif
