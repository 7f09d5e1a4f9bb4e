/* SPDX-License-Identifier: MIT */
/*
 * Counted names: each is kept once, up to a fixed number, so that input cannot decide how much
 * memory they use.
 */
#ifndef FLEET_NAMES_H
#define FLEET_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vbscheck/arena.h"

enum { NAME_NONE = UINT16_MAX };

struct name_set {
    struct arena *arena;
    const char **names; /* in order of arrival */
    uint64_t *counts;   /* how often each was counted */
    size_t n, most;
    uint16_t *slots; /* number of a name + 1; 0: free */
    size_t n_slots;
};

/* For at most `most` names, which must be less than NAME_NONE. */
void name_set_init(struct name_set *s, size_t most, struct arena *a);

/*
 * The number of a name, added if it is new and there is room; else NAME_NONE. A name is cut after
 * TEXT_MAX bytes.
 */
size_t name_set_find(struct name_set *s, const char *name);

/* The same, and increments its count. */
size_t name_set_count(struct name_set *s, const char *name);

/* Numbers of the names: most often counted first, then by name. Made in `a`. */
size_t *name_set_order(const struct name_set *s, struct arena *a);

/* 64-bit FNV-1a, with its bits mixed once more. */
uint64_t name_hash(const char *text);

#endif
