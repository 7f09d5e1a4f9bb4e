/* SPDX-License-Identifier: MIT */
/*
 * Names of folders, for paths that are asked for one by one. A folder can have a hundred thousand,
 * and a hive can ask for thousands of files: each folder is read once.
 */
#include <stdlib.h>

#include "volume/wim_parts.h"

enum {
    NAMES_MAX = 2 * VOLUME_ENTRIES_MAX, /* of one image; 16 bytes each */
    ALIKE_MAX = 64,                     /* names of one hash, which only hostile folders have */
};

struct wim_name {
    uint64_t hash, at;
};

struct wim_folder {
    uint64_t at;
    struct wim_name *names; /* by hash, and then in their order */
    size_t n;
    enum status end; /* ST_ABSENT where the names end as they should */
};

/* FNV-1a of a name in lower case, as span_like() compares it. */
static uint64_t hash_of(struct span name)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < name.len; i++) {
        uint8_t c = name.ptr[i];
        c = c >= 'A' && c <= 'Z' ? (uint8_t)(c + 'a' - 'A') : c;
        h = (h ^ c) * UINT64_C(0x100000001b3);
    }
    return h;
}

static int by_hash(const void *a, const void *b)
{
    const struct wim_name *l = a, *r = b;
    if (l->hash != r->hash)
        return l->hash < r->hash ? -1 : 1;
    return (l->at > r->at) - (l->at < r->at);
}

static void read_names(struct wim *w, struct wim_folder *f)
{
    struct arena once;
    struct wim_item item;
    uint64_t at = f->at;
    arena_init(&once, arena_left(w->arena), w->arena->oom);
    f->end = ST_OK;
    while (f->end == ST_OK) {
        uint64_t here = at;
        f->end = w->n_names < NAMES_MAX ? wim_take(w, &at, &once, &item) : ST_TRUNCATED;
        if (f->end != ST_OK)
            break;
        f->names = arena_grow(w->arena, f->names, f->n, sizeof *f->names);
        f->names[f->n++] = (struct wim_name){hash_of(span_of(item.name)), here};
        w->n_names++;
        arena_reset(&once);
    }
    arena_reset(&once);
    if (f->n > 1)
        qsort(f->names, f->n, sizeof *f->names, by_hash);
}

/* Also counted as a name, so that the number of folders is limited. */
static const struct wim_folder *folder_at(struct wim *w, uint64_t at)
{
    for (size_t i = 0; i < w->n_known; i++) {
        if (w->known[i].at == at)
            return &w->known[i];
    }
    w->known = arena_grow(w->arena, w->known, w->n_known, sizeof *w->known);
    struct wim_folder *f = &w->known[w->n_known++];
    *f = (struct wim_folder){.at = at};
    w->n_names++;
    read_names(w, f);
    return f;
}

enum status wim_look_up(struct wim *w, uint64_t folder, struct span name, struct arena *a,
                        struct wim_item *out)
{
    const struct wim_folder *f = folder_at(w, folder);
    uint64_t hash = hash_of(name);
    size_t low = 0, high = f->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (f->names[middle].hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    for (size_t i = low; i < f->n && f->names[i].hash == hash; i++) {
        uint64_t at = f->names[i].at;
        enum status st = i - low < ALIKE_MAX ? wim_take(w, &at, a, out) : ST_TRUNCATED;
        if (st != ST_OK || span_like(span_of(out->name), name))
            return st;
    }
    return f->end;
}
