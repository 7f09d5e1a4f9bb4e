/* SPDX-License-Identifier: MIT */
#include "vbscheck/arena.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct arena_block {
    struct arena_block *next;
    size_t size; /* bytes of data */
    max_align_t data[];
};

/* Overhead of an object, counted against the limit: a million empty objects need much memory. */
enum { OVERHEAD = sizeof(struct arena_block) + 16 };

void arena_init(struct arena *a, size_t limit, void (*oom)(struct arena *))
{
    *a = (struct arena){.limit = limit, .oom = oom};
}

static _Noreturn void run_out(struct arena *a)
{
    a->oom(a);
    abort(); /* it must not return */
}

size_t arena_left(const struct arena *a)
{
    size_t left = a->limit > a->used ? a->limit - a->used : 0;
    return left > OVERHEAD ? left - OVERHEAD : 0;
}

void *arena_alloc(struct arena *a, size_t n, size_t size)
{
    size_t room = arena_left(a);
    if (room == 0 || (size != 0 && n > room / size))
        run_out(a);
    struct arena_block *b = calloc(1, sizeof *b + n * size);
    if (b == NULL)
        run_out(a);
    b->next = a->blocks;
    b->size = n * size;
    a->blocks = b;
    a->used += b->size + OVERHEAD;
    return b->data;
}

static void *copy_larger(struct arena *a, const void *p, size_t size)
{
    size_t old;
    memcpy(&old,
           (const char *)p - offsetof(struct arena_block, data) +
               offsetof(struct arena_block, size),
           sizeof old);
    void *bigger = arena_alloc(a, size, 1);
    memcpy(bigger, p, old < size ? old : size);
    return bigger;
}

void *arena_resize(struct arena *a, const void *p, size_t size)
{
    struct arena_block *b = a->blocks;
    if (p == NULL)
        return arena_alloc(a, size, 1);
    if (b == NULL || p != b->data)
        return copy_larger(a, p, size);
    if (size > b->size && size - b->size > arena_left(a))
        run_out(a);
    struct arena_block *moved = realloc(b, sizeof *b + size);
    if (moved == NULL)
        run_out(a);
    a->used = a->used - moved->size + size;
    moved->size = size;
    a->blocks = moved;
    return moved->data;
}

void *arena_grow(struct arena *a, void *items, size_t n, size_t size)
{
    /* Full exactly when the number in use is 0 or a power of two from 8 on. */
    if (n != 0 && (n < 8 || (n & (n - 1)) != 0))
        return items;
    if (n > SIZE_MAX / 2 / size)
        run_out(a);
    return n == 0 ? arena_alloc(a, 8, size) : arena_resize(a, items, n * 2 * size);
}

char *arena_text(struct arena *a, struct span s)
{
    char *text = arena_alloc(a, s.len + 1, 1);
    if (s.len > 0)
        memcpy(text, s.ptr, s.len);
    return text;
}

void text_end_short(char text[TEXT_MAX + 1])
{
    static const char ellipsis[] = "\xe2\x80\xa6"; /* U+2026 */
    size_t at = TEXT_MAX + 1 - sizeof ellipsis;
    while (at > 0 && ((unsigned char)text[at] & 0xc0) == 0x80)
        at--;
    memcpy(text + at, ellipsis, sizeof ellipsis);
}

char *arena_short_text(struct arena *a, struct span s)
{
    if (s.len <= TEXT_MAX)
        return arena_text(a, s);
    char *text = arena_text(a, (struct span){s.ptr, TEXT_MAX});
    text_end_short(text);
    return text;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = arena_alloc(a, (n > 0 ? (size_t)n : 0) + 1, 1);
    va_start(args, format);
    (void)vsnprintf(text, (n > 0 ? (size_t)n : 0) + 1, format, args);
    va_end(args);
    return text;
}

void arena_reset(struct arena *a)
{
    while (a->blocks != NULL) {
        struct arena_block *next = a->blocks->next;
        free(a->blocks);
        a->blocks = next;
    }
    a->used = 0;
}
