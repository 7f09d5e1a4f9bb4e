/* SPDX-License-Identifier: MIT */
/*
 * Memory that lives as long as one input. Objects are never freed one by one. Each object is an
 * allocation
 * of its own, so that the address sanitizer sees every overrun.
 */
#ifndef VBSCHECK_ARENA_H
#define VBSCHECK_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "vbscheck/limits.h"
#include "vbscheck/span.h"

struct arena_block;

struct arena {
    struct arena_block *blocks;
    size_t used;                 /* bytes, the overhead of each object included */
    size_t limit;                /* bytes; further allocations call oom */
    void (*oom)(struct arena *); /* must not return */
};

/* `limit` in bytes. `oom` is called over the limit or out of memory and must not return. */
void arena_init(struct arena *a, size_t limit, void (*oom)(struct arena *));

/* `n` zeroed objects of `size` bytes each; never NULL (not even for 0 objects). */
void *arena_alloc(struct arena *a, size_t n, size_t size);
#define arena_new(a, type, n) ((type *)arena_alloc((a), (n), sizeof(type)))

/* Bytes that can still be allocated in one piece. */
size_t arena_left(const struct arena *a);

/*
 * `p`, an object of `a` or NULL, with room for `size` bytes. The last allocated object grows or
 * shrinks in place; any other object is copied, and its old room stays taken. New bytes are not
 * zeroed.
 */
void *arena_resize(struct arena *a, const void *p, size_t size);

/*
 * Makes room for one more element in a growing array: `items` has `n` elements of `size` bytes
 * in use. Returns `items`, or the result of arena_resize() for twice as many elements.
 */
void *arena_grow(struct arena *a, void *items, size_t n, size_t size);

/* A NUL-terminated copy of `s`; bytes after a NUL in it are kept but not seen by readers. */
char *arena_text(struct arena *a, struct span s);
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * The same for a text that firmware or a file supplied: a text over TEXT_MAX bytes is cut after a
 * whole character and ends in an ellipsis.
 */
char *arena_short_text(struct arena *a, struct span s);

/* Replaces the last characters of `text`, which has TEXT_MAX bytes, by an ellipsis. */
void text_end_short(char text[TEXT_MAX + 1]);

/* Frees every object; the arena can be used again. */
void arena_reset(struct arena *a);

#endif
