/* SPDX-License-Identifier: MIT */
/* Writing captures: docs/vbscheck-snapshot.5. */
#ifndef IO_STORE_H
#define IO_STORE_H

#include <time.h>

#include "vbscheck/arena.h"
#include "vbscheck/snapshot.h"

/*
 * All files of a capture of `s` in one block, made in `a`: by the process that looks at bytes, for
 * the one that writes them.
 * Returns ST_OK, or why not, with *problem saying it in one line.
 */
enum status store_pack(const struct snapshot *s, struct arena *a, struct span *out,
                       const char **problem);

/*
 * Writes the files of such a block, whose maker may be hostile, to `path`: an archive if it ends in
 * .tar, .tar.gz or .tar.zst, else a directory, which must not exist yet or be empty. It appears
 * whole or not at all: it is made beside `path` and renamed. `at` is the time of all entries of an
 * archive: that of collecting, so that equal captures are equal.
 * Returns ST_OK, or why not, with *problem saying it in one line.
 */
enum status store_write(const char *path, struct span block, time_t at, struct arena *a,
                        const char **problem);

#endif
