/* SPDX-License-Identifier: MIT */
#include "ask/known.h"

#include <string.h>

enum { BUCKETS = 4096 };

struct known_row {
    struct known_row *next;
    struct answer answer;
    enum ask_kind kind;
    bool used; /* for records: the next question gets later ones */
    char path[];
};

/* FNV-1a over words, not bytes: over bytes it takes as long as reading a file. */
static size_t bucket_of(enum ask_kind kind, const char *path)
{
    uint64_t h = UINT64_C(14695981039346656037) ^ (uint64_t)kind, word = 0;
    size_t n = strlen(path);
    for (; n >= sizeof word; n -= sizeof word, path += sizeof word) {
        memcpy(&word, path, sizeof word);
        h = (h ^ word) * UINT64_C(1099511628211);
        h ^= h >> 32;
    }
    word = 0;
    memcpy(&word, path, n);
    h = (h ^ word) * UINT64_C(1099511628211);
    return (size_t)((h ^ h >> 32) % BUCKETS);
}

void known_init(struct known *k, struct arena *a)
{
    *k = (struct known){.arena = a, .buckets = arena_new(a, struct known_row *, BUCKETS)};
}

/* One object for a whole row: there are thousands, and each costs as much as a short file. */
struct answer *known_add(struct known *k, enum ask_kind kind, const char *folder, const char *name,
                         const char **path)
{
    size_t above = strlen(folder), len = strlen(name);
    struct known_row *r = arena_alloc(k->arena, sizeof *r + above + 1 + len + 1, 1);
    char *to = r->path;
    if (above > 0) {
        memcpy(to, folder, above);
        to[above] = '/';
        to += above + 1;
    }
    memcpy(to, name, len);
    struct known_row **bucket = &k->buckets[bucket_of(kind, r->path)];
    r->kind = kind;
    r->next = *bucket;
    *bucket = r;
    k->n++;
    *path = r->path;
    return &r->answer;
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
