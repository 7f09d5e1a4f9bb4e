/* SPDX-License-Identifier: MIT */
/* --from-list FILE: paths of inputs, one per line, or each with a NUL behind it. */
#ifndef CLI_INPUTS_PATHS_H
#define CLI_INPUTS_PATHS_H

#include <stdbool.h>

#include "vbscheck/status.h"

enum { LISTED_PATH_MAX = 4095 };

/* Takes one path; a longer one is cut, and `whole` is false. False: no more are wanted. */
typedef bool path_take(void *context, const char *path, bool whole);

/* Nothing more is there yet: whoever writes the list may wait for what was made of it so far. */
typedef void path_wait(void *context);

/*
 * Reads `fd` to its end and hands over each path as soon as its line is complete. `nul`: paths end
 * with a NUL. Otherwise they are lines; a carriage return at the end is no part of a path, and
 * empty lines are skipped. Calls `wait` before it waits. Returns ST_OK, or why it could not be
 * read.
 */
enum status paths_read(int fd, bool nul, path_take *take, path_wait *wait, void *context);

#endif
