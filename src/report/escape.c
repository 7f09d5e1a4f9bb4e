/* SPDX-License-Identifier: MIT */
#include "report/escape.h"

#include <stdbool.h>

#include "vbscheck/hex.h"

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
        else if (n > 1 && cp >= 0xa0 && utf8_is_hidden(cp))
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
        if (n == 0 || utf8_is_hidden(cp))
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
        else if (n != 1 || utf8_is_hidden(cp))
            out_char(o, '?');
        else
            out_char(o, (char)*p);
        p += n > 0 ? n : 1;
    }
}
