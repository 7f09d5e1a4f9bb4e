/* SPDX-License-Identifier: MIT */
/*
 * The name that something unfinished has for a short time beside its own: NAME.vbscheck-partial.
 * Who makes it holds a lock on it, which ends with the process, however that ends: so the next run
 * knows what a killed one left, and removes it.
 */
#ifndef IO_SAVE_PARTIAL_H
#define IO_SAVE_PARTIAL_H

#include <stdbool.h>

#include "vbscheck/arena.h"

/* The name beside `path`, which has no slash at its end. */
const char *partial_name(const char *path, struct arena *a);

/*
 * Frees the name: removes a file or folder of this user that no process holds. `wait`: until who
 * holds it has finished. Returns false, with errno, if the name is not free: EBUSY if another
 * process holds it, EEXIST if it is not this user's or the file system has no locks.
 */
bool partial_clear(const char *partial, bool wait, struct arena *a);

/* Holds a file or folder that was just made. */
void partial_hold(int fd);

/* Removes the folder `partial`, open as `fd`, with all in it. */
bool partial_remove(const char *partial, int fd, struct arena *a);

/*
 * Writes to the disk that `path` is in its folder. Returns false, with errno, if the disk fails; a
 * folder that this user may not read, or a file system that cannot do it, is no failure.
 */
bool partial_flush_folder(const char *path, struct arena *a);

/* One line about the errno of a failed save of `path`. */
const char *partial_problem(const char *path, struct arena *a);

/* The folder of `path`; "." if it has none. */
const char *partial_folder(const char *path, struct arena *a);

#endif
