/* SPDX-License-Identifier: MIT */
#include "vbscheck/snapshot.h"

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

static void add_note(struct notes *n, const char *source, const char *message, bool about_boot)
{
    for (size_t i = 0; i < n->n; i++) {
        if (strcmp(n->items[i].source, source) == 0 && strcmp(n->items[i].message, message) == 0)
            return;
    }
    n->items = arena_grow(n->arena, n->items, n->n, sizeof *n->items);
    n->items[n->n++] = (struct note){arena_text(n->arena, span_of(source)), message, about_boot};
}

enum { NOTE_MAX = 512 };

__attribute__((format(printf, 4, 0))) static void
format_note(struct notes *n, const char *source, bool about_boot, const char *format, va_list args)
{
    char text[NOTE_MAX];
    (void)vsnprintf(text, sizeof text, format, args);
    add_note(n, source, arena_text(n->arena, span_of(text)), about_boot);
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
    *s = (struct snapshot){.arena = a, .kind = kind, .path = path, .notes = {.arena = a}};
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
