/* SPDX-License-Identifier: MIT */
/* A growing buffer that reporters write to; it lives in an arena and cannot fail. */
#ifndef VBSCHECK_OUT_H
#define VBSCHECK_OUT_H

#include <stddef.h>
#include <string.h>

#include "vbscheck/arena.h"

struct out {
    struct arena *arena;
    char *buf;
    size_t len;
    size_t cap;
};

void out_init(struct out *o, struct arena *a);
/* Room for `n` more bytes, which the caller fills and adds to o->len. */
char *out_room(struct out *o, size_t n);

/* Inline, since a report is made of thousands of short pieces. */
static inline void out_bytes(struct out *o, const char *p, size_t n)
{
    if (n == 0)
        return;
    char *at = o->cap - o->len >= n ? o->buf + o->len : out_room(o, n);
    memcpy(at, p, n);
    o->len += n;
}

static inline void out_str(struct out *o, const char *text)
{
    out_bytes(o, text, strlen(text));
}

static inline void out_char(struct out *o, char c)
{
    out_bytes(o, &c, 1);
}

void out_uint(struct out *o, unsigned long long v);
void out_printf(struct out *o, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct span out_span(const struct out *o);

/* A list of names for one line of text: "a, b, c and 7 more". */
struct names {
    struct out text;
    size_t n;
};

enum { NAMES_SHOWN = 24 };

void names_init(struct names *l, struct arena *a);
void names_add(struct names *l, const char *name);

/* The list, NUL-terminated; "" where nothing was added. Ends the list. */
const char *names_text(struct names *l);

#endif
