/* SPDX-License-Identifier: MIT */
#include "vbscheck/snapshot.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

const char *source_kind_name(enum source_kind kind)
{
    static const char *const names[] = {
        [SOURCE_LIVE] = "live",
        [SOURCE_ROOT] = "root",
        [SOURCE_CAPTURE] = "capture",
        [SOURCE_EVIDENCE] = "evidence",
    };
    return names[kind];
}

enum { FEW = 16, BUCKETS = 8192 /* a power of two */ };

static_assert(BUCKETS > 3 * NOTES_MAX && 2 * NOTES_MAX + 2 < UINT16_MAX, "the table is sparse");

/* FNV-1a. Collisions built on purpose cost at most as many comparisons as there are notes. */
static uint32_t hash(uint32_t h, const char *text)
{
    for (; *text != '\0'; text++)
        h = (h ^ (uint8_t)*text) * 16777619u;
    return (h ^ 0xff) * 16777619u;
}

static bool is_same(const struct note *n, const char *source, const char *message)
{
    return strcmp(n->source, source) == 0 && strcmp(n->message, message) == 0;
}

/* The bucket that holds the note, or the empty one where it belongs. */
static uint16_t *find_bucket(const struct notes *n, const char *source, const char *message)
{
    uint32_t at = hash(hash(2166136261u, source), message) % BUCKETS;
    while (n->buckets[at] != 0 && !is_same(&n->items[n->buckets[at] - 1], source, message))
        at = (at + 1) % BUCKETS;
    return &n->buckets[at];
}

static void make_buckets(struct notes *n)
{
    n->buckets = arena_new(n->arena, uint16_t, BUCKETS);
    for (size_t i = 0; i < n->n; i++)
        *find_bucket(n, n->items[i].source, n->items[i].message) = (uint16_t)(i + 1);
}

static bool is_there(const struct notes *n, const char *source, const char *message)
{
    if (n->buckets != NULL)
        return *find_bucket(n, source, message) != 0;
    for (size_t i = 0; i < n->n; i++) {
        if (is_same(&n->items[i], source, message))
            return true;
    }
    return false;
}

static void add_note(struct notes *n, const char *source, const char *message, bool about_boot)
{
    static const char more[] = "there are too many notes: the rest is left out";
    size_t most = n->most > 0 ? n->most : NOTES_MAX;
    assert(most <= 2 * NOTES_MAX + 1);
    if (n->n > most || is_there(n, source, message))
        return;
    bool last = n->n == most;
    struct note note = {"notes", more, false};
    if (!last)
        note = (struct note){arena_text(n->arena, span_of(source)),
                             arena_text(n->arena, span_of(message)), about_boot};
    n->items = arena_grow(n->arena, n->items, n->n, sizeof *n->items);
    n->items[n->n++] = note;
    if (n->buckets != NULL && !last)
        *find_bucket(n, source, message) = (uint16_t)n->n;
    else if (n->n == FEW)
        make_buckets(n);
}

__attribute__((format(printf, 4, 0))) static void
format_note(struct notes *n, const char *source, bool about_boot, const char *format, va_list args)
{
    char text[TEXT_MAX + 1];
    int len = vsnprintf(text, sizeof text, format, args);
    if (len > TEXT_MAX)
        text_end_short(text);
    add_note(n, source, text, about_boot);
}

void notes_add(struct notes *n, const char *source, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    format_note(n, source, false, format, args);
    va_end(args);
}

void notes_add_boot(struct notes *n, const char *source, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    format_note(n, source, true, format, args);
    va_end(args);
}

void snap_init(struct snapshot *s, struct arena *a, enum source_kind kind, const char *path)
{
    *s = (struct snapshot){
        .arena = a, .kind = kind, .path = path, .notes = {.arena = a}, .labels = {.arena = a}};
}

void snap_add(struct snapshot *s, struct blob b)
{
    s->blobs = arena_grow(s->arena, s->blobs, s->n, sizeof *s->blobs);
    s->blobs[s->n++] = b;
}

/* Merge sort: stable, and linearithmic on any input. */
static void sort_blobs(struct blob *blobs, struct blob *room, size_t n)
{
    if (n < 2)
        return;
    size_t half = n / 2;
    sort_blobs(blobs, room, half);
    sort_blobs(blobs + half, room, n - half);
    memcpy(room, blobs, n * sizeof *blobs);
    size_t left = 0, right = half;
    for (size_t i = 0; i < n; i++) {
        bool from_right =
            left == half || (right < n && strcmp(room[right].name, room[left].name) < 0);
        blobs[i] = from_right ? room[right++] : room[left++];
    }
}

void snap_sort(struct snapshot *s)
{
    sort_blobs(s->blobs, arena_new(s->arena, struct blob, s->n), s->n);
}

struct blob snap_get(const struct snapshot *s, const char *name)
{
    for (size_t i = 0; i < s->n; i++) {
        if (strcmp(s->blobs[i].name, name) == 0)
            return s->blobs[i];
    }
    return (struct blob){.name = name, .st = ST_NOT_COLLECTED};
}

const struct blob *snap_next(const struct snapshot *s, const char *prefix, size_t *at)
{
    size_t len = strlen(prefix);
    while (*at < s->n) {
        const struct blob *b = &s->blobs[(*at)++];
        if (strncmp(b->name, prefix, len) == 0)
            return b;
    }
    return NULL;
}
