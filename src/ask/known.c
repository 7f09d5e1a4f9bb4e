/* SPDX-License-Identifier: MIT */
#include "ask/known.h"

#include <string.h>

enum { BUCKETS = 1024 };

struct known_row {
    enum ask_kind kind;
    const char *path;
    struct answer answer;
    bool used; /* of records: the next time others are next */
    struct known_row *next;
};

/* FNV-1a */
static size_t bucket_of(enum ask_kind kind, const char *path)
{
    uint32_t h = UINT32_C(2166136261) ^ (uint32_t)kind;
    for (; *path != '\0'; path++)
        h = (h ^ (uint8_t)*path) * UINT32_C(16777619);
    return (h ^ h >> 16) % BUCKETS;
}

void known_init(struct known *k, struct arena *a)
{
    *k = (struct known){.arena = a, .buckets = arena_new(a, struct known_row *, BUCKETS)};
}

void known_add(struct known *k, enum ask_kind kind, const char *path, const struct answer *w)
{
    struct known_row *r = arena_new(k->arena, struct known_row, 1);
    struct known_row **bucket = &k->buckets[bucket_of(kind, path)];
    *r = (struct known_row){.kind = kind, .path = path, .answer = *w, .next = *bucket};
    *bucket = r;
    k->n++;
    k->bytes += w->data.len;
}

const struct answer *known_find(const struct known *k, const struct question *q)
{
    for (struct known_row *r = k->buckets[bucket_of(q->kind, q->path)]; r != NULL; r = r->next) {
        if (r->kind != q->kind || r->used || strcmp(r->path, q->path) != 0)
            continue;
        r->used = q->kind == ASK_NEXT;
        return &r->answer;
    }
    return NULL;
}
