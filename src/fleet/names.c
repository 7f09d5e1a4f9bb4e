/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "fleet/names.h"

uint64_t name_hash(const char *text)
{
    uint64_t h = 0xcbf29ce484222325;
    for (; *text != '\0'; text++)
        h = (h ^ (unsigned char)*text) * 0x100000001b3;
    h ^= h >> 33;
    h *= 0xff51afd7ed558ccd;
    return h ^ h >> 33;
}

void name_set_init(struct name_set *s, size_t most, struct arena *a)
{
    *s = (struct name_set){.arena = a, .most = most, .n_slots = 4};
    while (s->n_slots < 2 * most)
        s->n_slots *= 2;
    s->names = arena_new(a, const char *, most);
    s->counts = arena_new(a, uint64_t, most);
    s->slots = arena_new(a, uint16_t, s->n_slots);
}

size_t name_set_find(struct name_set *s, const char *name)
{
    char text[TEXT_MAX + 1] = {0};
    size_t n = strlen(name);
    memcpy(text, name, n < TEXT_MAX ? n : TEXT_MAX);
    if (n > TEXT_MAX)
        text_end_short(text);
    size_t at = (size_t)name_hash(text) & (s->n_slots - 1);
    for (; s->slots[at] != 0; at = (at + 1) & (s->n_slots - 1)) {
        if (strcmp(s->names[s->slots[at] - 1], text) == 0)
            return s->slots[at] - 1u;
    }
    if (s->n == s->most)
        return NAME_NONE;
    s->names[s->n++] = arena_text(s->arena, span_of(text));
    s->slots[at] = (uint16_t)s->n;
    return s->n - 1;
}

size_t name_set_count(struct name_set *s, const char *name)
{
    size_t i = name_set_find(s, name);
    if (i != NAME_NONE)
        s->counts[i]++;
    return i;
}

/* qsort() passes only two elements to its function, without a context. */
struct counted {
    uint64_t count;
    const char *name;
    size_t i;
};

static int by_count(const void *a, const void *b)
{
    const struct counted *l = a, *r = b;
    if (l->count != r->count)
        return l->count > r->count ? -1 : 1;
    return strcmp(l->name, r->name);
}

size_t *name_set_order(const struct name_set *s, struct arena *a)
{
    struct counted *all = arena_new(a, struct counted, s->n);
    size_t *order = arena_new(a, size_t, s->n);
    for (size_t i = 0; i < s->n; i++)
        all[i] = (struct counted){s->counts[i], s->names[i], i};
    if (s->n > 0)
        qsort(all, s->n, sizeof *all, by_count);
    for (size_t i = 0; i < s->n; i++)
        order[i] = all[i].i;
    return order;
}
