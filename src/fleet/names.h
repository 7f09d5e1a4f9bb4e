/* SPDX-License-Identifier: MIT */
/*
 * Names that are counted: each is kept once, up to a number of them that was fixed before, so that
 * no input decides how much memory they take.
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
    const char **names; /* in the order in which they came */
    uint64_t *counts;   /* how often each was counted */
    size_t n, most;
    uint16_t *slots; /* number of a name + 1; 0: free */
    size_t n_slots;
};

/* For at most `most` names, which is less than NAME_NONE. */
void name_set_init(struct name_set *s, size_t most, struct arena *a);

/*
 * The number of a name, which is a new one where there is room; NAME_NONE where there is none. A
 * name is cut after TEXT_MAX bytes.
 */
size_t name_set_find(struct name_set *s, const char *name);

/* The same, counted once more. */
size_t name_set_count(struct name_set *s, const char *name);

/* Numbers of the names: most often counted first, then by name. Made in `a`. */
size_t *name_set_order(const struct name_set *s, struct arena *a);

/* FNV-1a of 64 bits, with its bits mixed once more. */
uint64_t name_hash(const char *text);

#endif
