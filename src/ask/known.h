/* SPDX-License-Identifier: MIT */
/*
 * Answers that were read before they were asked for. A question through a pipe takes 11 us, which
 * is more than most files take to read; so what every scan asks is read first, and is in the memory
 * that the confined process begins with.
 */
#ifndef ASK_KNOWN_H
#define ASK_KNOWN_H

#include "ask/ask.h"

struct known_row;

struct known {
    struct arena *arena;
    struct known_row **buckets; /* lists of rows by what their questions hash to */
    size_t n;                   /* rows in all */
    size_t bytes;               /* of their answers */
};

void known_init(struct known *k, struct arena *a);

/*
 * Makes a row for the answer to a question that is a kind and a path, or to the first one for
 * records. *path becomes `folder`/`name` and lives as long as the row; the caller writes the answer
 * and adds its size to k->bytes.
 */
struct answer *known_add(struct known *k, enum ask_kind kind, const char *folder, const char *name,
                         const char **path);

/* The answer to `q`, or NULL. One with records is found once. */
const struct answer *known_find(const struct known *k, const struct question *q);

#endif
