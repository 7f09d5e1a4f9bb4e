/* SPDX-License-Identifier: MIT */
/* Ranges of numbers, asked which of them holds a number: a table may list thousands of both. */
#ifndef PROBE_IOMMU_RANGES_H
#define PROBE_IOMMU_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vbscheck/arena.h"

struct range {
    uint64_t first, last; /* both included */
    size_t value;         /* whatever the range stands for */
    size_t reaches;       /* among this one and those before it, the one that ends last */
};

struct ranges {
    struct range *items;
    size_t n;
};

void ranges_add(struct ranges *r, struct arena *a, uint64_t first, uint64_t last, size_t value);

/* To be called once after the last range was added; takes n log n. */
void ranges_close(struct ranges *r);

/* Do the ranges hold each number from `first` to `last`? */
bool ranges_hold(const struct ranges *r, uint64_t first, uint64_t last);

/* The value of a range that holds `number`, or SIZE_MAX; takes log n. Of several, any. */
size_t ranges_find(const struct ranges *r, uint64_t number);

#endif
