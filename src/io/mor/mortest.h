/* SPDX-License-Identifier: MIT */
/*
 * What the active test leaves in /run/vbscheck: its result, which is valid until the next boot, and
 * the key while the lock may hold it.
 */
#ifndef IO_MOR_MORTEST_H
#define IO_MOR_MORTEST_H

#include "mor/mor.h"
#include "vbscheck/arena.h"

#define MORTEST_FOLDER "/run/vbscheck"
#define MORTEST_RESULT MORTEST_FOLDER "/mor-test.json"
#define MORTEST_KEY    MORTEST_FOLDER "/mor-test.key"

/*
 * Each writes its file below `root` ("" for this machine, or a folder), whole or not at all.
 * Returns ST_OK, or why not with *problem.
 */
enum status mortest_save_key(const char *root, const char *key, struct arena *a,
                             const char **problem);
enum status mortest_save_result(const char *root, const struct mor_result *r, struct arena *a,
                                const char **problem);

/*
 * Reads the key that a test of this boot left, because it was interrupted. Returns ST_OK, ST_ABSENT
 * if there is none of this boot, or why it cannot be used; *key is valid on success only.
 */
enum status mortest_read_key(const char *root, uint8_t key[MOR_KEY_LEN], struct arena *a);

/* Removes the key's file: the lock no longer holds the key. */
void mortest_drop_key(const char *root, struct arena *a);

#endif
