/* SPDX-License-Identifier: MIT */
/*
 * Tables as base64 (RFC 4648, section 4) and as digits without anything between (xxd -p). Either is
 * recognised by its first line: it has the signature of a table that is read, and a length that
 * some table could have.
 */
#include "load/hex/hex.h"

#include <string.h>

#include "load/hex/dump.h"
#include "load/hex/table.h"
#include "vbscheck/hex.h"
#include "vbscheck/out.h"

enum { SHORTEST_LINE = 16, HEADER = 36, NO_DIGIT = 64 };

static unsigned digit64(uint8_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26U;
    if (c >= '0' && c <= '9')
        return c - '0' + 52U;
    return c == '+' ? 62 : c == '/' ? 63 : NO_DIGIT;
}

bool base64_read_line(struct span line, struct arena *a, struct span *out)
{
    struct span s = span_trim(line);
    size_t pad = 0, n = 0;
    while (pad < 2 && s.len > 0 && s.ptr[s.len - 1] == '=') {
        s.len--;
        pad++;
    }
    if (s.len == 0 || (s.len + pad) % 4 != 0)
        return false;
    uint8_t *to = arena_alloc(a, s.len, 1);
    uint32_t bits = 0;
    for (size_t i = 0; i < s.len; i++) {
        unsigned d = digit64(s.ptr[i]);
        if (d == NO_DIGIT)
            return false;
        bits = bits << 6 | d;
        if (i % 4 > 0)
            to[n++] = (uint8_t)(bits >> (6 - 2 * (i % 4)));
    }
    *out = (struct span){to, n};
    return true;
}

static bool read_digits(struct span line, struct arena *a, struct span *out)
{
    struct span s = span_trim(line);
    if (s.len == 0 || s.len % 2 != 0)
        return false;
    uint8_t *to = arena_alloc(a, s.len / 2, 1);
    for (size_t i = 0; i < s.len; i++) {
        unsigned d = hex_digit(s.ptr[i]);
        if (d > 15)
            return false;
        to[i / 2] = (uint8_t)((unsigned)to[i / 2] << 4 | d);
    }
    *out = (struct span){to, s.len / 2};
    return true;
}

static bool begins_table(struct span bytes)
{
    struct rd r = rd_open(bytes);
    struct span signature = rd_take(&r, 4);
    uint32_t declared = rd_le32(&r);
    return rd_ok(&r) && table_is_known(signature) && declared >= HEADER &&
           declared <= HEX_BYTES_MAX;
}

/* The first 12 bytes of a line, without memory: enough to recognise it. */
static bool peek(struct span line, uint8_t bytes[12], bool *digits)
{
    struct span s = span_trim(line);
    if (s.len < SHORTEST_LINE)
        return false;
    *digits = true;
    for (size_t i = 0; i < SHORTEST_LINE && *digits; i++)
        *digits = hex_digit(s.ptr[i]) < 16;
    for (size_t i = 0; i < 8 && *digits; i++)
        bytes[i] = (uint8_t)(hex_digit(s.ptr[2 * i]) << 4 | hex_digit(s.ptr[2 * i + 1]));
    uint32_t bits = 0;
    for (size_t i = 0, n = 0; i < SHORTEST_LINE && !*digits; i++) {
        unsigned d = digit64(s.ptr[i]);
        if (d == NO_DIGIT)
            return false;
        bits = bits << 6 | d;
        if (i % 4 > 0)
            bytes[n++] = (uint8_t)(bits >> (6 - 2 * (i % 4)));
    }
    return true;
}

bool base64_opens_table(struct span line)
{
    uint8_t bytes[12] = {0};
    bool digits = false;
    return peek(line, bytes, &digits) && begins_table((struct span){bytes, 8});
}

static void end_table(struct out *o, bool *sound, const char *from, struct snapshot *out)
{
    if (o->len > 0) {
        struct span copy = {(const uint8_t *)arena_text(out->arena, out_span(o)), o->len};
        table_add_copy(copy, *sound, false, from, out);
    }
    o->len = 0;
    *sound = true;
}

void base64_load(struct span text, const char *from, struct snapshot *out)
{
    struct span line, bytes;
    struct out o;
    bool sound = true, digits = false;
    out_init(&o, out->arena);
    while (span_next_line(&text, &line)) {
        uint8_t first[12] = {0};
        bool now = false;
        if (peek(line, first, &now) && begins_table((struct span){first, 8})) {
            end_table(&o, &sound, from, out);
            digits = now;
        } else if (o.len == 0 || span_trim(line).len == 0) {
            continue;
        }
        struct span s = span_trim(line);
        bool is =
            digits ? read_digits(s, out->arena, &bytes) : base64_read_line(s, out->arena, &bytes);
        if (!is || o.len + bytes.len > HEX_BYTES_MAX) {
            /* Any other line ends a table, whole or not. */
            end_table(&o, &sound, from, out);
            continue;
        }
        out_bytes(&o, (const char *)bytes.ptr, bytes.len);
    }
    end_table(&o, &sound, from, out);
}
