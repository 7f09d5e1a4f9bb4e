/* SPDX-License-Identifier: MIT */
/*
 * Labels: names that the owner of a fleet gives a machine (--label KEY=VALUE). They are never read
 * from the machine, and captures contain them.
 */
#ifndef VBSCHECK_LABEL_H
#define VBSCHECK_LABEL_H

#include <stddef.h>

#include "vbscheck/arena.h"
#include "vbscheck/span.h"

enum { LABELS_MAX = 32, LABEL_KEY_MAX = 63, LABEL_VALUE_MAX = 255 };

struct label {
    const char *key;   /* letters, digits, '.', '_', '-'; a letter or a digit first */
    const char *value; /* printable UTF-8 */
};

struct labels {
    struct arena *arena;
    struct label *items; /* in the order of their keys, each key once */
    size_t n;
};

/* NULL if a label may have this key and value; else what is wrong, as the end of a sentence. */
const char *label_problem(struct span key, struct span value);

/*
 * Adds a label that label_problem() accepts, in the order of keys, or replaces the value of the
 * label with that key. Copies both texts.
 * Returns ST_OK, or ST_TRUNCATED where there are LABELS_MAX already.
 */
enum status labels_set(struct labels *l, struct span key, struct span value);

/* The value of the label `key`, or NULL. */
const char *labels_get(const struct labels *l, const char *key);

#endif
