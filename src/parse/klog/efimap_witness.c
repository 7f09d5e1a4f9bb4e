/* SPDX-License-Identifier: MIT */
#include "parse/klog/efimap_witness.h"

#include <stdlib.h>

#include "parse/klog/efi_print.h"
#include "vbscheck/count.h"

bool mem_ranges_add(struct mem_ranges *r, struct arena *a, struct mem_range range)
{
    struct mem_range *before = r->n > 0 ? &r->items[r->n - 1] : NULL;
    if (before != NULL && range.first != 0 && before->last == range.first - 1) {
        before->last = range.last;
        return true;
    }
    if (r->n == MEM_RANGES_MAX)
        return false;
    r->items = arena_grow(a, r->items, r->n, sizeof *r->items);
    r->items[r->n++] = range;
    return true;
}

bool efimap_witness(struct span message, struct mem_range *out)
{
    static const char *const starts[] = {"BIOS-e820: ", "node "};
    struct span s = span_trim(message);
    struct mem_range r = {0};
    bool starts_so = false;
    for (size_t i = 0; i < COUNT(starts); i++)
        starts_so |= span_starts(s, starts[i]);
    if (!starts_so || !span_find(s, "[mem ", &s) || !efi_print_take_range(&s, &r.first, &r.last) ||
        !span_starts(s, "]") || r.last < r.first)
        return false;
    *out = r;
    return true;
}

static int by_first(const void *a, const void *b)
{
    const struct mem_range *l = a, *r = b;
    return (l->first > r->first) - (l->first < r->first);
}

/* Sorts the ranges, and joins those that touch or overlap. */
static void put_in_order(struct mem_ranges *r)
{
    size_t n = 0;
    if (r->n > 1)
        qsort(r->items, r->n, sizeof *r->items, by_first);
    for (size_t i = 1; i < r->n; i++) {
        struct mem_range *kept = &r->items[n];
        bool touches = kept->last == UINT64_MAX || r->items[i].first <= kept->last + 1;
        if (!touches)
            r->items[++n] = r->items[i];
        else if (r->items[i].last > kept->last)
            kept->last = r->items[i].last;
    }
    r->n = r->n > 0 ? n + 1 : 0;
}

static int to_range(const void *key, const void *element)
{
    const struct mem_range *k = key, *r = element;
    return k->first > r->last ? 1 : k->first < r->first ? -1 : 0;
}

bool mem_ranges_hold(struct mem_ranges *map, const struct mem_ranges *witnesses)
{
    put_in_order(map);
    for (size_t i = 0; i < witnesses->n; i++) {
        const struct mem_range *w = &witnesses->items[i];
        const struct mem_range *in =
            map->n == 0 ? NULL : bsearch(w, map->items, map->n, sizeof *map->items, to_range);
        if (in == NULL || in->last < w->last)
            return false;
    }
    return true;
}
