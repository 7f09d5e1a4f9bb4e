/* SPDX-License-Identifier: MIT */
/*
 * Collecting: what to ask a machine for, and which parts of the answers to keep. Each source
 * fetches one kind of blob. If it cannot be read, the blob has only a status with the reason.
 */
#ifndef COLLECT_COLLECT_H
#define COLLECT_COLLECT_H

#include "collect/source.h"

extern const struct source *const sources[];
extern const size_t n_sources;

/* Asks the system for the rest of *out; both strings are borrowed. */
void collect_start(const char *root, const char *tcti, bool sysfs, struct collect_from *out);

/*
 * Runs every source that some probe wants, and fills *out with blobs in the order of their names;
 * memory comes from `by->arena`, and `from` is borrowed. Opens nothing: it asks `by`.
 */
void collect(const struct collect_from *from, const struct asker *by, struct snapshot *out);

#endif
