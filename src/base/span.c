/* SPDX-License-Identifier: MIT */
#include "vbscheck/span.h"

#include <string.h>

struct rd rd_open(struct span in)
{
    return (struct rd){.in = in, .st = ST_OK};
}

enum status rd_status(const struct rd *r)
{
    return r->st;
}

bool rd_ok(const struct rd *r)
{
    return r->st == ST_OK;
}

size_t rd_left(const struct rd *r)
{
    return rd_ok(r) ? r->in.len - r->at : 0;
}

size_t rd_offset(const struct rd *r)
{
    return r->base + r->at;
}

void rd_fail(struct rd *r, enum status why, const char *what)
{
    if (!rd_ok(r))
        return;
    r->st = why;
    r->fault = (struct fault){.offset = rd_offset(r), .what = what};
}

void rd_inherit(struct rd *r, const struct rd *part)
{
    if (!rd_ok(r) || rd_ok(part))
        return;
    r->st = part->st;
    r->fault = part->fault;
}

/* The one length comparison of the program: everything else reads through it. */
struct span rd_take(struct rd *r, size_t n)
{
    if (n > rd_left(r)) {
        rd_fail(r, ST_MALFORMED, "data ends too early");
        return (struct span){0};
    }
    /* The pointer of an empty span may be null, so nothing is added to it. */
    struct span s = {r->in.len > 0 ? r->in.ptr + r->at : r->in.ptr, n};
    r->at += n;
    return s;
}

struct rd rd_sub(struct rd *r, size_t n)
{
    size_t base = rd_offset(r);
    struct rd part = rd_open(rd_take(r, n));
    part.base = base;
    part.st = r->st;
    part.fault = r->fault;
    return part;
}

void rd_skip(struct rd *r, size_t n)
{
    (void)rd_take(r, n);
}

void rd_seek(struct rd *r, size_t at)
{
    if (!rd_ok(r))
        return;
    if (at > r->in.len) {
        rd_fail(r, ST_MALFORMED, "offset points outside");
        return;
    }
    r->at = at;
}

static uint64_t take_le(struct rd *r, size_t n)
{
    struct span s = rd_take(r, n);
    uint64_t v = 0;
    for (size_t i = s.len; i > 0; i--)
        v = v << 8 | s.ptr[i - 1];
    return v;
}

static uint32_t take_be(struct rd *r, size_t n)
{
    struct span s = rd_take(r, n);
    uint32_t v = 0;
    for (size_t i = 0; i < s.len; i++)
        v = v << 8 | s.ptr[i];
    return v;
}

uint8_t rd_u8(struct rd *r)
{
    return (uint8_t)take_le(r, 1);
}

uint16_t rd_le16(struct rd *r)
{
    return (uint16_t)take_le(r, 2);
}

uint32_t rd_le32(struct rd *r)
{
    return (uint32_t)take_le(r, 4);
}

uint64_t rd_le64(struct rd *r)
{
    return take_le(r, 8);
}

uint16_t rd_be16(struct rd *r)
{
    return (uint16_t)take_be(r, 2);
}

uint32_t rd_be32(struct rd *r)
{
    return take_be(r, 4);
}
