/* SPDX-License-Identifier: MIT */
#include "report/escape.h"
#include "vbscheck/hex.h"

#include <stdbool.h>

#include "vbscheck/count.h"

/*
 * What has no shape of its own or moves what has: controls, marks that turn the direction of text
 * round, joiners and other blanks without width, fillers, selectors of variants, tags (Unicode 15:
 * categories Cc, Cf, Zl and Zp, and Default_Ignorable_Code_Point). In order.
 */
static const struct {
    unsigned long first, last;
} hidden[] = {
    {0x00, 0x1f},       {0x7f, 0x9f},       {0xad, 0xad},       {0x34f, 0x34f},
    {0x600, 0x605},     {0x61c, 0x61c},     {0x6dd, 0x6dd},     {0x70f, 0x70f},
    {0x890, 0x891},     {0x8e2, 0x8e2},     {0x115f, 0x1160},   {0x17b4, 0x17b5},
    {0x180b, 0x180f},   {0x200b, 0x200f},   {0x2028, 0x202e},   {0x2060, 0x206f},
    {0x3164, 0x3164},   {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},   {0xffa0, 0xffa0},
    {0xfff0, 0xfffb},   {0x110bd, 0x110bd}, {0x110cd, 0x110cd}, {0x13430, 0x1343f},
    {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
};

static bool is_hidden(unsigned long cp)
{
    for (size_t i = 0; i < COUNT(hidden) && cp >= hidden[i].first; i++) {
        if (cp <= hidden[i].last)
            return true;
    }
    return false;
}

size_t utf8_length(const unsigned char *p, unsigned long *cp)
{
    static const struct {
        unsigned char mask, lead;
        unsigned long least;
    } forms[] = {{0x80, 0x00, 0}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};
    for (size_t n = 0; n < 4; n++) {
        if ((p[0] & forms[n].mask) != forms[n].lead)
            continue;
        unsigned long v = p[0] & (unsigned char)~forms[n].mask;
        for (size_t i = 1; i <= n; i++) {
            if ((p[i] & 0xc0) != 0x80)
                return 0;
            v = v << 6 | (p[i] & 0x3fu);
        }
        if (v < forms[n].least || v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff))
            return 0;
        *cp = v;
        return n + 1;
    }
    return 0;
}

static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

static void escape_unit(struct out *o, unsigned long unit)
{
    char u[6] = {'\\', 'u'};
    (void)hex_put(&u[2], unit, 4);
    out_bytes(o, u, sizeof u);
}

/* Above U+FFFF by two surrogates. */
static void escape_point(struct out *o, unsigned long cp)
{
    if (cp > 0xffff) {
        escape_unit(o, 0xd800 + ((cp - 0x10000) >> 10));
        escape_unit(o, 0xdc00 + (cp & 0x3ff));
    } else {
        escape_unit(o, cp);
    }
}

static void escape_one(struct out *o, unsigned char c)
{
    switch (c) {
    case '"':
        out_bytes(o, "\\\"", 2);
        break;
    case '\\':
        out_bytes(o, "\\\\", 2);
        break;
    case '\n':
        out_bytes(o, "\\n", 2);
        break;
    case '\t':
        out_bytes(o, "\\t", 2);
        break;
    default:
        escape_point(o, c);
        break;
    }
}

void escape_json(struct out *o, const char *text)
{
    if (text == NULL) {
        out_str(o, "null");
        return;
    }
    const unsigned char *p = (const unsigned char *)text;
    out_char(o, '"');
    while (*p != '\0') {
        size_t run = 0;
        while (is_plain(p[run]))
            run++;
        out_bytes(o, (const char *)p, run);
        p += run;
        unsigned long cp;
        size_t n = utf8_length(p, &cp);
        if (*p == '\0')
            break;
        if (n == 1)
            escape_one(o, *p);
        else if (n > 1 && cp >= 0xa0 && is_hidden(cp))
            escape_point(o, cp);
        else if (n > 1 && cp >= 0xa0)
            out_bytes(o, (const char *)p, n);
        else
            out_str(o, "\xef\xbf\xbd");
        p += n > 0 ? n : 1;
    }
    out_char(o, '"');
}

void escape_terminal(struct out *o, const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    while (*p != '\0') {
        unsigned long cp;
        size_t n = utf8_length(p, &cp);
        if (n == 0 || is_hidden(cp))
            out_char(o, '?');
        else
            out_bytes(o, (const char *)p, n);
        p += n > 0 ? n : 1;
    }
}

void escape_ascii(struct out *o, const char *text)
{
    enum { ELLIPSIS = 0x2026 };
    const unsigned char *p = (const unsigned char *)text;
    while (*p != '\0') {
        unsigned long cp;
        size_t n = utf8_length(p, &cp);
        if (n > 1 && cp == ELLIPSIS)
            out_str(o, "...");
        else if (n != 1 || is_hidden(cp))
            out_char(o, '?');
        else
            out_char(o, (char)*p);
        p += n > 0 ? n : 1;
    }
}
