/* SPDX-License-Identifier: MIT */
#include "load/hex/dump.h"

#include <string.h>

#include "vbscheck/count.h"
#include "vbscheck/hex.h"

enum { LINE = 16, OCTAL_DIGITS = 6, OFFSET_DIGITS = 4 };

/* Possible radixes of an offset, as bits of `radixes`. */
static const unsigned radixes[] = {16, 10, 8};
enum { ALL_RADIXES = (1 << COUNT(radixes)) - 1 };

/* Lines ------------------------------------------------------------------------------------ */

static size_t blanks_at(struct span s)
{
    size_t n = 0;
    while (n < s.len && (s.ptr[n] == ' ' || s.ptr[n] == '\t'))
        n++;
    return n;
}

/* Hexadecimal digits up to the next blank; 0 where anything else stands among them. */
static size_t digits_at(struct span s)
{
    size_t n = 0;
    while (n < s.len && hex_digit(s.ptr[n]) < 16)
        n++;
    return n == s.len || s.ptr[n] == ' ' || s.ptr[n] == '\t' || s.ptr[n] == '\r' ? n : 0;
}

static bool take_octal(struct span s, struct hex_line *h)
{
    unsigned v = 0;
    for (size_t i = 0; i < OCTAL_DIGITS; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '7')
            return false;
        v = v << 3 | (unsigned)(s.ptr[i] - '0');
    }
    if (v > UINT16_MAX)
        return false;
    h->octal = true;
    h->bytes[h->n++] = (uint8_t)(v >> 8);
    h->bytes[h->n++] = (uint8_t)v;
    return true;
}

static void take_hex(struct span s, size_t digits, struct hex_line *h)
{
    for (size_t i = 0; i < digits; i += 2)
        h->bytes[h->n++] = (uint8_t)(hex_digit(s.ptr[i]) << 4 | hex_digit(s.ptr[i + 1]));
}

/*
 * hexdump -x puts four blanks between words; all others put one between groups, two in the middle.
 */
static bool is_gap(size_t blanks, size_t *usual, const struct hex_line *h)
{
    if (*usual == 0)
        *usual = blanks == 4 && h->width == 2 ? 4 : 1;
    return blanks == *usual || (*usual == 1 && blanks == 2 && h->n == LINE / 2);
}

static unsigned width_of(size_t digits)
{
    return digits == OCTAL_DIGITS                      ? 2
           : digits == 2 || digits == 4 || digits == 8 ? (unsigned)digits / 2
                                                       : 0;
}

/*
 * Groups after blanks, all as long as the first, which may be read already; the last may be
 * shorter.
 */
static void read_groups(struct span s, struct hex_line *h)
{
    size_t first = 2 * (size_t)h->width, gap = 0;
    while (h->n < LINE) {
        size_t blanks = blanks_at(s);
        if (blanks == 0 || (h->n > 0 && !is_gap(blanks, &gap, h)))
            return;
        s = span_skip(s, blanks);
        size_t digits = digits_at(s);
        first = first == 0 ? digits : first;
        bool shorter = digits > 0 && digits < first && digits % 2 == 0 && first != OCTAL_DIGITS;
        if (h->width == 0)
            h->width = width_of(digits);
        if (h->width == 0 || (digits != first && !shorter))
            return;
        if (first != OCTAL_DIGITS)
            take_hex(s, digits, h);
        else if (!take_octal(s, h))
            return;
        if (shorter)
            return;
        s = span_skip(s, digits);
    }
}

bool hex_read_line(struct span line, struct hex_line *out)
{
    struct hex_line h = {0};
    struct span s = span_trim(line);
    size_t digits = 0;
    while (digits < s.len && digits < LINE && hex_digit(s.ptr[digits]) < 16)
        digits++;
    if (digits < OFFSET_DIGITS)
        return false;
    h.offset = (struct span){s.ptr, digits};
    s = span_skip(s, digits);
    if (span_starts(s, ":"))
        s = span_skip(s, 1);
    read_groups(s, &h);
    if (h.n == 0 && s.len > 0)
        return false;
    *out = h;
    return true;
}

bool hex_read_bare(struct span line, struct hex_line *out)
{
    struct hex_line h = {0};
    struct span s = span_trim(line);
    size_t digits = digits_at(s);
    if (digits != 2 && (digits < 10 || digits % 2 != 0 || digits > 2 * (size_t)HEX_PER_LINE))
        return false;
    if (digits == 2) {
        /* The blank that read_groups() expects came before it, or can be assumed. */
        take_hex(s, digits, &h);
        h.width = 1;
        read_groups(span_skip(s, digits), &h);
    } else {
        take_hex(s, digits, &h);
        h.width = 1;
    }
    *out = h;
    return true;
}

/* An offset in one radix; false where a digit is too large for it. */
static bool value_of(struct span digits, unsigned radix, size_t *out)
{
    size_t v = 0;
    for (size_t i = 0; i < digits.len; i++) {
        unsigned d = hex_digit(digits.ptr[i]);
        if (d >= radix || v > HEX_BYTES_MAX)
            return false;
        v = v * radix + d;
    }
    *out = v;
    return true;
}

bool hex_begins(const struct hex_line *l)
{
    size_t at = 1;
    return l->n > 0 && l->offset.len > 0 && value_of(l->offset, 16, &at) && at == 0;
}

/* Dumps ------------------------------------------------------------------------------------ */

void hex_start(struct hex_dump *d, struct arena *a)
{
    *d = (struct hex_dump){.radixes = ALL_RADIXES, .sound = true};
    out_init(&d->bytes, a);
}

void hex_squeeze(struct hex_dump *d)
{
    d->sound = d->sound && d->bytes.len >= LINE && d->bytes.len % LINE == 0;
    d->squeezed = true;
}

/* Repeats the last line up to the offset, if all remaining radixes agree on its value. */
static void fill(struct hex_dump *d, struct span offset)
{
    size_t to = 0, at;
    bool one = false;
    for (size_t i = 0; i < COUNT(radixes); i++) {
        bool may = (d->radixes >> i & 1) != 0 && value_of(offset, radixes[i], &at) &&
                   at > d->bytes.len && at % LINE == 0;
        if (may && one && at != to)
            d->sound = false; /* it could be any */
        to = may ? at : to;
        one |= may;
    }
    d->squeezed = false;
    d->sound = d->sound && one && to <= HEX_BYTES_MAX;
    while (d->sound && d->bytes.len < to) {
        uint8_t last[LINE];
        memcpy(last, d->bytes.buf + d->bytes.len - LINE, LINE);
        out_bytes(&d->bytes, (const char *)last, LINE);
    }
}

/* Does the offset follow, in some radix that all before it were in? */
static bool follows(struct hex_dump *d, const struct hex_line *l)
{
    unsigned left = 0;
    size_t at;
    for (size_t i = 0; i < COUNT(radixes); i++) {
        bool may = (d->radixes >> i & 1) != 0 && value_of(l->offset, radixes[i], &at);
        bool end = may && l->n == 0 && at <= d->bytes.len &&
                   d->bytes.len - at < (d->width > 0 ? d->width : 1);
        if (end && (left == 0 || at == d->length)) {
            d->length = at;
            left |= 1U << i;
        } else if (may && l->n > 0 && at == d->bytes.len) {
            left |= 1U << i;
        }
    }
    d->radixes = left;
    return left != 0;
}

void hex_add(struct hex_dump *d, const struct hex_line *l)
{
    if (d->squeezed && d->sound)
        fill(d, l->offset);
    if (d->width == 0)
        d->width = l->width;
    bool fits =
        d->bytes.len + l->n <= HEX_BYTES_MAX && !d->ended && (l->n == 0 || l->width == d->width);
    d->sound = d->sound && fits && (l->offset.len == 0 || follows(d, l));
    if (!d->sound)
        return;
    d->ended = l->n == 0;
    out_bytes(&d->bytes, (const char *)l->bytes, l->n);
}

struct span hex_bytes(const struct hex_dump *d, bool swapped, struct arena *a)
{
    size_t n = d->bytes.len, width = d->width;
    uint8_t *to = (uint8_t *)arena_text(a, out_span(&d->bytes));
    for (size_t at = 0; swapped && at + width <= n; at += width) {
        for (size_t i = 0; i < width; i++)
            to[at + i] = (uint8_t)d->bytes.buf[at + width - 1 - i];
    }
    return (struct span){to, d->ended && d->length <= n ? d->length : n};
}
