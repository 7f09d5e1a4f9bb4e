/* SPDX-License-Identifier: MIT */
/* Spans that hold text. */
#include <string.h>

#include "vbscheck/hex.h"
#include "vbscheck/span.h"

static uint8_t fold(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c;
}

bool span_like(struct span a, struct span b)
{
    size_t i = 0;
    if (a.len != b.len)
        return false;
    while (i < a.len && fold(a.ptr[i]) == fold(b.ptr[i]))
        i++;
    return i == a.len;
}

int span_order_like(struct span a, struct span b)
{
    if (a.len != b.len)
        return a.len < b.len ? -1 : 1;
    for (size_t i = 0; i < a.len; i++) {
        if (fold(a.ptr[i]) != fold(b.ptr[i]))
            return fold(a.ptr[i]) - fold(b.ptr[i]);
    }
    return 0;
}

bool span_ends_like(struct span s, const char *end)
{
    struct span e = span_of(end);
    return s.len >= e.len && span_like(span_skip(s, s.len - e.len), e);
}

/* Length of the text before the first `c`, or SIZE_MAX where there is none. */
static size_t index_of(struct span s, int c)
{
    const uint8_t *at = s.len > 0 ? memchr(s.ptr, c, s.len) : NULL;
    return at != NULL ? (size_t)(at - s.ptr) : SIZE_MAX;
}

bool span_find(struct span s, const char *needle, struct span *after)
{
    struct span rest = s;
    for (;;) {
        size_t at = index_of(rest, needle[0]);
        if (at == SIZE_MAX)
            return false;
        rest = span_skip(rest, at);
        if (span_starts(rest, needle))
            break;
        rest = span_skip(rest, 1);
    }
    if (after != NULL)
        *after = span_skip(rest, strlen(needle));
    return true;
}

static bool is_space(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct span span_trim(struct span s)
{
    while (s.len > 0 && is_space(s.ptr[0]))
        s = span_skip(s, 1);
    while (s.len > 0 && is_space(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

bool span_next_line(struct span *rest, struct span *line)
{
    if (rest->len == 0)
        return false;
    size_t n = index_of(*rest, '\n');
    struct span l = *rest;
    if (n != SIZE_MAX)
        l.len = n;
    *rest = span_skip(*rest, n == SIZE_MAX ? rest->len : n + 1);
    if (l.len > 0 && l.ptr[l.len - 1] == '\r')
        l.len--;
    *line = l;
    return true;
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t';
}

bool span_next_word(struct span *rest, struct span *word)
{
    struct span s = *rest;
    while (s.len > 0 && is_blank(s.ptr[0]))
        s = span_skip(s, 1);
    if (s.len == 0)
        return false;
    size_t n = 0;
    while (n < s.len && !is_blank(s.ptr[n]))
        n++;
    *word = (struct span){s.ptr, n};
    *rest = span_skip(s, n);
    return true;
}

bool span_split(struct span line, char sep, struct span *key, struct span *value)
{
    size_t n = index_of(line, sep);
    if (n == SIZE_MAX)
        return false;
    *key = span_trim((struct span){line.ptr, n});
    *value = span_trim(span_skip(line, n + 1));
    return true;
}

/* Both quotients are constants: a division for each digit took a fifth of the time of PCI lists. */
static bool take_digits(struct span *s, unsigned base, uint64_t *out)
{
    const uint64_t most = base == 16 ? UINT64_MAX / 16 : UINT64_MAX / 10;
    uint64_t v = 0;
    size_t n = 0;
    for (; n < s->len; n++) {
        unsigned d = hex_digit(s->ptr[n]);
        if (d >= base)
            break;
        if (v > most || v * base > UINT64_MAX - d)
            return false;
        v = v * base + d;
    }
    if (n == 0)
        return false;
    *s = span_skip(*s, n);
    *out = v;
    return true;
}

bool span_take_hex(struct span *s, uint64_t *out)
{
    return take_digits(s, 16, out);
}

bool span_take_dec(struct span *s, uint64_t *out)
{
    return take_digits(s, 10, out);
}

bool span_number(struct span s, uint64_t *out)
{
    bool hex = span_starts(s, "0x") || span_starts(s, "0X");
    uint64_t v = 0;
    if (hex)
        s = span_skip(s, 2);
    if (!take_digits(&s, hex ? 16 : 10, &v) || s.len != 0)
        return false;
    *out = v;
    return true;
}

bool span_next_u32(struct span *rest, uint32_t *out)
{
    struct span word;
    uint64_t n;
    if (!span_next_word(rest, &word) || !span_number(word, &n) || n > UINT32_MAX)
        return false;
    *out = (uint32_t)n;
    return true;
}
