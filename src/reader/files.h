/* SPDX-License-Identifier: MIT */
/* Answers about files, folders and links: questions that consist of a kind and a path. */
#ifndef READER_FILES_H
#define READER_FILES_H

#include "reader/access.h"
#include "reader/state.h"

/*
 * `path` is below the root; `dir` is -1, or a descriptor of its folder, which saves the walk to it.
 */
void files_answer(const struct reader *r, int dir, const struct access *row, const char *path,
                  struct arena *a, struct answer *out);

#endif
