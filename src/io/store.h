/* SPDX-License-Identifier: MIT */
/* Writing captures: docs/vbscheck-snapshot.5. */
#ifndef IO_STORE_H
#define IO_STORE_H

#include "vbscheck/arena.h"
#include "vbscheck/snapshot.h"

/*
 * Writes `s` to `path`: an archive if it ends in .tar, .tar.gz or .tar.zst, else a directory,
 * which must not exist yet or be empty. It appears whole or not at all: it is made beside
 * `path` and renamed.
 * Returns ST_OK, or why not, with *problem saying it in one line.
 */
enum status store_save(const char *path, const struct snapshot *s, struct arena *a,
                       const char **problem);

#endif
