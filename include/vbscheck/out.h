/* SPDX-License-Identifier: MIT */
/* A growing buffer that reporters write to; it lives in an arena and cannot fail. */
#ifndef VBSCHECK_OUT_H
#define VBSCHECK_OUT_H

#include <stddef.h>

#include "vbscheck/arena.h"

struct out {
    struct arena *arena;
    char *buf;
    size_t len;
    size_t cap;
};

void out_init(struct out *o, struct arena *a);
void out_bytes(struct out *o, const char *p, size_t n);
void out_str(struct out *o, const char *text);
void out_char(struct out *o, char c);
void out_uint(struct out *o, unsigned long long v);
void out_printf(struct out *o, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct span out_span(const struct out *o);

#endif
