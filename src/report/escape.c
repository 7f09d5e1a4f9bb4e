/* SPDX-License-Identifier: MIT */
#include "report/escape.h"
#include "vbscheck/hex.h"

#include <stdbool.h>

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

static void escape_one(struct out *o, unsigned char c)
{
    char u[6] = {'\\', 'u', '0', '0'};
    (void)hex_put(&u[4], c, 2);
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
        out_bytes(o, u, sizeof u);
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
        if (n > 1 && cp >= 0xa0)
            out_bytes(o, (const char *)p, n);
        else if (n == 1)
            escape_one(o, *p);
        else
            out_str(o, "\xef\xbf\xbd");
        p += n > 0 ? n : 1;
    }
    out_char(o, '"');
}

/* Marks that turn the direction of text round, and other invisible format characters. */
static bool is_hidden(unsigned long cp)
{
    return cp < 0x20 || cp == 0x61c || (cp >= 0x7f && cp < 0xa0) ||
           (cp >= 0x200b && cp <= 0x200f) || (cp >= 0x2028 && cp <= 0x202e) ||
           (cp >= 0x2060 && cp <= 0x206f) || cp == 0xfeff;
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
