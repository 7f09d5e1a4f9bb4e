/* SPDX-License-Identifier: MIT */
/* Writes captures: docs/vbscheck-snapshot.5. */
#ifndef IO_STORE_H
#define IO_STORE_H

#include <time.h>

#include "vbscheck/arena.h"
#include "vbscheck/snapshot.h"

/*
 * Packs all files of a capture of `s` into one block, made in `a`: the process that looks at bytes
 * makes it for the process that writes them.
 * Returns ST_OK, or why not, with one line in *problem.
 */
enum status store_pack(const struct snapshot *s, struct arena *a, struct span *out,
                       const char **problem);

/*
 * Writes the files of such a block, whose maker may be hostile, to `path`: an archive if it ends in
 * .tar, .tar.gz or .tar.zst, else a directory, which must not exist yet or must be empty. It
 * appears whole or not at all: it is made beside `path` and renamed. `at`, the time of collecting,
 * is the time of all entries of an archive, so that equal captures are equal.
 * Returns ST_OK, or why not, with one line in *problem.
 */
enum status store_write(const char *path, struct span block, time_t at, struct arena *a,
                        const char **problem);

#endif
