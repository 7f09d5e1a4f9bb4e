/* SPDX-License-Identifier: MIT */
#include "vbscheck/out.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { FIRST = 128 }; /* bytes of a buffer that holds anything */

void out_init(struct out *o, struct arena *a)
{
    *o = (struct out){.arena = a};
}

char *out_room(struct out *o, size_t n)
{
    if (o->cap - o->len < n) {
        /* Small at first: hostile input can cause a buffer for each of its lines. */
        size_t cap = o->cap == 0 ? FIRST : o->cap * 2;
        while (cap - o->len < n)
            cap *= 2;
        o->buf = arena_resize(o->arena, o->buf, cap);
        o->cap = cap;
    }
    return o->buf + o->len;
}

void out_uint(struct out *o, unsigned long long v)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + v % 10);
        v /= 10;
    } while (v > 0);
    out_bytes(o, digits + at, sizeof digits - at);
}

void out_printf(struct out *o, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n <= 0)
        return;
    char *at = out_room(o, (size_t)n + 1);
    va_start(args, format);
    (void)vsnprintf(at, (size_t)n + 1, format, args);
    va_end(args);
    o->len += (size_t)n;
}

struct span out_span(const struct out *o)
{
    return (struct span){(const uint8_t *)o->buf, o->len};
}

void names_init(struct names *l, struct arena *a)
{
    *l = (struct names){0};
    out_init(&l->text, a);
}

void names_add(struct names *l, const char *name)
{
    if (l->n++ >= NAMES_SHOWN)
        return;
    if (l->n > 1)
        out_str(&l->text, ", ");
    out_str(&l->text, name);
}

const char *names_text(struct names *l)
{
    if (l->n > NAMES_SHOWN)
        out_printf(&l->text, " and %zu more", l->n - NAMES_SHOWN);
    out_char(&l->text, '\0');
    return l->text.buf;
}
