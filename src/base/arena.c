/* SPDX-License-Identifier: MIT */
#include "vbscheck/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct arena_block {
    struct arena_block *next;
    max_align_t data[];
};

void arena_init(struct arena *a, size_t limit, void (*oom)(struct arena *))
{
    *a = (struct arena){.limit = limit, .oom = oom};
}

static _Noreturn void run_out(struct arena *a)
{
    a->oom(a);
    abort(); /* it must not return */
}

void *arena_alloc(struct arena *a, size_t n, size_t size)
{
    size_t room = a->limit - a->used;
    if (size != 0 && n > (room - room % size) / size)
        run_out(a);
    struct arena_block *b = calloc(1, sizeof *b + n * size);
    if (b == NULL)
        run_out(a);
    b->next = a->blocks;
    a->blocks = b;
    a->used += n * size;
    return b->data;
}

void *arena_grow(struct arena *a, void *items, size_t n, size_t size)
{
    /* Full exactly when the number in use is 0 or a power of two from 8 on. */
    if (n != 0 && (n < 8 || (n & (n - 1)) != 0))
        return items;
    void *bigger = arena_alloc(a, n == 0 ? 8 : n * 2, size);
    if (n > 0)
        memcpy(bigger, items, n * size);
    return bigger;
}

char *arena_text(struct arena *a, struct span s)
{
    char *text = arena_alloc(a, s.len + 1, 1);
    if (s.len > 0)
        memcpy(text, s.ptr, s.len);
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
