/* SPDX-License-Identifier: MIT */
#include "probe/iommu/ranges.h"

#include <stdlib.h>

void ranges_add(struct ranges *r, struct arena *a, uint64_t first, uint64_t last, size_t value)
{
    r->items = arena_grow(a, r->items, r->n, sizeof *r->items);
    r->items[r->n++] = (struct range){.first = first, .last = last, .value = value};
}

static int by_first(const void *a, const void *b)
{
    const struct range *l = a, *r = b;
    if (l->first != r->first)
        return l->first < r->first ? -1 : 1;
    if (l->last != r->last)
        return l->last < r->last ? -1 : 1;
    /* Equal ranges are sorted by value, so the same table always gives the same answer. */
    return (l->value > r->value) - (l->value < r->value);
}

void ranges_close(struct ranges *r)
{
    if (r->n > 1)
        qsort(r->items, r->n, sizeof *r->items, by_first);
    size_t reaches = 0;
    for (size_t i = 0; i < r->n; i++) {
        if (r->items[i].last > r->items[reaches].last)
            reaches = i;
        r->items[i].reaches = reaches;
    }
}

size_t ranges_find(const struct ranges *r, uint64_t number)
{
    size_t low = 0, high = r->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (r->items[middle].first <= number)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return SIZE_MAX;
    const struct range *furthest = &r->items[r->items[low - 1].reaches];
    return furthest->last >= number ? furthest->value : SIZE_MAX;
}

bool ranges_hold(const struct ranges *r, uint64_t first, uint64_t last)
{
    uint64_t next = first;
    for (size_t i = 0; i < r->n && r->items[i].first <= next; i++) {
        if (r->items[i].last >= last)
            return true;
        if (r->items[i].last >= next)
            next = r->items[i].last + 1;
    }
    return false;
}
