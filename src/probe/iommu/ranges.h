/* SPDX-License-Identifier: MIT */
/* Ranges of numbers, searched by number: a table may have thousands of both. */
#ifndef PROBE_IOMMU_RANGES_H
#define PROBE_IOMMU_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vbscheck/arena.h"

struct range {
    uint64_t first, last; /* both included */
    size_t value;         /* the caller's data for the range */
    size_t reaches;       /* among this one and those before it, the one that ends last */
};

struct ranges {
    struct range *items;
    size_t n;
};

void ranges_add(struct ranges *r, struct arena *a, uint64_t first, uint64_t last, size_t value);

/* Call it once after adding the last range; takes n log n. */
void ranges_close(struct ranges *r);

/* Do the ranges contain each number from `first` to `last`? */
bool ranges_hold(const struct ranges *r, uint64_t first, uint64_t last);

/* The value of a range that contains `number`, or SIZE_MAX; takes log n. Of several, any. */
size_t ranges_find(const struct ranges *r, uint64_t number);

#endif
