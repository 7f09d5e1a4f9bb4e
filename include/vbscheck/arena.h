/* SPDX-License-Identifier: MIT */
/*
 * Memory that lives as long as one input. Nothing is freed singly. Each object is an allocation
 * of its own, so that the address sanitizer sees every overrun.
 */
#ifndef VBSCHECK_ARENA_H
#define VBSCHECK_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "vbscheck/span.h"

struct arena_block;

struct arena {
    struct arena_block *blocks;
    size_t used;
    size_t limit;                /* bytes; further allocations call oom */
    void (*oom)(struct arena *); /* must not return */
};

/* `limit` in bytes. `oom` is called over the limit or out of memory and must not return. */
void arena_init(struct arena *a, size_t limit, void (*oom)(struct arena *));

/* `n` zeroed objects of `size` bytes each; never NULL (not even for 0 objects). */
void *arena_alloc(struct arena *a, size_t n, size_t size);
#define arena_new(a, type, n) ((type *)arena_alloc((a), (n), sizeof(type)))

/*
 * Makes room for one more element in a growing array: `items` has `n` elements of `size` bytes
 * in use. Returns `items` or a copy of it twice as large.
 */
void *arena_grow(struct arena *a, void *items, size_t n, size_t size);

/* A NUL-terminated copy of `s`; bytes after a NUL in it are kept but not seen by readers. */
char *arena_text(struct arena *a, struct span s);
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Frees every object; the arena can be used again. */
void arena_reset(struct arena *a);

#endif
