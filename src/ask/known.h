/* SPDX-License-Identifier: MIT */
/*
 * Answers that were read before anybody asked. A question through a pipe takes 11 us, longer than
 * reading most files; so the answers to the questions of every scan are read first, into the memory
 * with which the confined process starts.
 */
#ifndef ASK_KNOWN_H
#define ASK_KNOWN_H

#include "ask/ask.h"

struct known_row;

struct known {
    struct arena *arena;
    struct known_row **buckets; /* lists of rows, by the hashes of their questions */
    size_t n;                   /* all rows */
    size_t bytes;               /* of all answers */
};

void known_init(struct known *k, struct arena *a);

/*
 * Makes a row for the answer to a question that consists of a kind and a path, or to the first
 * question for records. *path becomes `folder`/`name` and lives as long as the row; the caller
 * writes the answer and adds its size to k->bytes.
 */
struct answer *known_add(struct known *k, enum ask_kind kind, const char *folder, const char *name,
                         const char **path);

/* The answer to `q`, or NULL. An answer with records is found only once. */
const struct answer *known_find(const struct known *k, const struct question *q);

#endif
