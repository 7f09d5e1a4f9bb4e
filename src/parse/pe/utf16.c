/* SPDX-License-Identifier: MIT */
#include "parse/pe/utf16.h"

#include "vbscheck/utf8.h"

static uint32_t unit_at(struct span s, size_t i, bool big)
{
    unsigned first = s.ptr[2 * i], second = s.ptr[2 * i + 1];
    return big ? first << 8 | second : second << 8 | first;
}

/* The character at unit *i, which moves past it. */
static uint32_t take_char(struct span s, size_t *i, bool big)
{
    enum { REPLACEMENT = 0xfffd };
    uint32_t c = unit_at(s, (*i)++, big);
    if (c < 0xd800 || c > 0xdfff)
        return c;
    if (c > 0xdbff || *i >= s.len / 2)
        return REPLACEMENT;
    uint32_t low = unit_at(s, *i, big);
    if (low < 0xdc00 || low > 0xdfff)
        return REPLACEMENT;
    (*i)++;
    return 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
}

static bool is_layout(uint32_t c)
{
    return c == '\t' || c == '\n' || c == '\r';
}

static const char *decode(struct span s, bool big, bool lines, struct arena *a)
{
    size_t units = s.len / 2, n = 0;
    uint8_t *text = arena_alloc(a, units * 3 + 1, 1); /* no unit needs more */
    for (size_t i = 0; i < units && unit_at(s, i, big) != 0;) {
        uint32_t c = take_char(s, &i, big);
        n += utf8_put(text + n, c >= 0x20 || (lines && is_layout(c)) ? c : '?');
    }
    return (const char *)text;
}

const char *utf16_text(struct span s, struct arena *a)
{
    return decode(s, false, false, a);
}

const char *utf16_be_text(struct span s, struct arena *a)
{
    return decode(s, true, false, a);
}

const char *utf16_lines(struct span s, bool big, struct arena *a)
{
    return decode(s, big, true, a);
}
