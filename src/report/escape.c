/* SPDX-License-Identifier: MIT */
#include "report/escape.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "vbscheck/count.h"
#include "vbscheck/hex.h"

static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

/*
 * Whether all of eight characters are: most of a report is. Each term has the top bit of its lowest
 * byte that is below a blank, or one of the three others; it has none where there is no such byte.
 */
static bool are_plain(const unsigned char p[8])
{
    const uint64_t each = 0x0101010101010101, top = 0x80 * each;
    uint64_t v;
    memcpy(&v, p, sizeof v);
    uint64_t others = ((v ^ '"' * each) - each) | ((v ^ '\\' * each) - each) |
                      ((v ^ 0x7f * each) - each) | (v - ' ' * each);
    return ((v | others) & top) == 0;
}

/* The plain characters at `p`, of a text that ends at `end`. */
static size_t plain_run(const unsigned char *p, const unsigned char *end)
{
    size_t n = 0, left = (size_t)(end - p);
    while (left - n >= 8 && are_plain(p + n))
        n += 8;
    while (is_plain(p[n]))
        n++;
    return n;
}

static void escape_unit(struct out *o, unsigned long unit)
{
    char u[6] = {'\\', 'u'};
    (void)hex_put(&u[2], unit, 4);
    out_bytes(o, u, sizeof u);
}

/* Above U+FFFF as two surrogates. */
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
    const unsigned char *end = p + strlen(text);
    out_char(o, '"');
    while (*p != '\0') {
        size_t run = plain_run(p, end);
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

/* The replacement of an ASCII character; NULL: itself. */
struct substitutes {
    const char *of[128];
};

/* Writes the replacement of the character at `p`; returns its length. */
static size_t escape_at(struct out *o, const unsigned char *p, const struct substitutes *table)
{
    unsigned long cp;
    size_t n = utf8_length(p, &cp);
    const char *instead = n == 1 ? table->of[*p] : NULL;
    if (instead != NULL)
        out_str(o, instead);
    else if (n == 0 || utf8_is_hidden(cp))
        out_char(o, '?');
    else
        out_bytes(o, (const char *)p, n);
    return n > 0 ? n : 1;
}

static void escape_by(struct out *o, const char *text, const struct substitutes *table)
{
    const unsigned char *p = (const unsigned char *)text;
    while (*p != '\0')
        p += escape_at(o, p, table);
}

/* Characters with a meaning inside a line in CommonMark and GitHub's dialect. */
static const struct substitutes markdown = {{
    ['\n'] = " ",
    ['\t'] = " ",
    ['\\'] = "\\\\",
    ['`'] = "\\`",
    ['*'] = "\\*",
    ['_'] = "\\_",
    ['['] = "\\[",
    [']'] = "\\]",
    ['|'] = "\\|",
    ['~'] = "\\~",
    ['$'] = "\\$",
    ['<'] = "&lt;",
    ['>'] = "&gt;",
    ['&'] = "&amp;",
    ['@'] = "&#64;",
    ['#'] = "&#35;",
}};

/* "http://" and "www." become links by themselves; an entity inside prevents that. */
static size_t escape_link(struct out *o, const char *p)
{
    bool www = (p[0] == 'w' || p[0] == 'W') && (p[1] == 'w' || p[1] == 'W') &&
               (p[2] == 'w' || p[2] == 'W') && p[3] == '.';
    if (www) {
        out_bytes(o, p, 3);
        out_str(o, "&#46;");
        return 4;
    }
    if (strncmp(p, "://", 3) != 0)
        return 0;
    out_str(o, "&#58;//");
    return 3;
}

void escape_markdown(struct out *o, const char *text)
{
    while (*text != '\0') {
        size_t n = escape_link(o, text);
        text += n > 0 ? n : escape_at(o, (const unsigned char *)text, &markdown);
    }
}

void escape_xml(struct out *o, const char *text)
{
    static const struct substitutes xml = {{
        ['\n'] = "&#10;",
        ['\t'] = "&#9;",
        ['<'] = "&lt;",
        ['>'] = "&gt;",
        ['&'] = "&amp;",
        ['"'] = "&quot;",
        ['\''] = "&apos;",
    }};
    escape_by(o, text, &xml);
}

static const struct substitutes html = {{
    ['\n'] = " ",
    ['\t'] = " ",
    ['<'] = "&lt;",
    ['>'] = "&gt;",
    ['&'] = "&amp;",
    ['"'] = "&quot;",
    ['\''] = "&#39;",
    ['`'] = "&#96;",
}};

void escape_html(struct out *o, const char *text)
{
    if (text != NULL)
        escape_by(o, text, &html);
}

void escape_html_cut(struct out *o, size_t most, const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    unsigned long cp;
    size_t n = 0, kept = 0; /* bytes of most - 1 characters */
    for (const unsigned char *q = p; *q != '\0' && n <= most; n++) {
        kept = n + 1 == most ? (size_t)(q - p) : kept;
        size_t length = utf8_length(q, &cp);
        q += length > 0 ? length : 1;
    }
    const unsigned char *end = p + kept;
    while (*p != '\0' && (n <= most || p < end))
        p += escape_at(o, p, &html);
    if (n > most)
        out_str(o, "\xe2\x80\xa6");
}

/* Unicode blanks of any width, and invisible characters that may start a cell. */
static bool is_blank(unsigned long cp)
{
    return cp == ' ' || cp == 0xa0 || (cp >= 0x2000 && cp <= 0x200a) || cp == 0x202f ||
           cp == 0x205f || cp == 0x3000 || cp == 0x1680 || utf8_is_hidden(cp);
}

/* Also after blanks; the wide forms (U+FF0B, U+FF0D, U+FF1D, U+FF20) mean the same. */
static bool is_formula(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    unsigned long cp = 0;
    size_t n;
    while ((n = utf8_length(p, &cp)) > 0 && *p != '\0' && is_blank(cp))
        p += n;
    if (n == 1)
        return *p != '\0' && strchr("=+-@", *p) != NULL;
    return n > 0 && (cp == 0xff0b || cp == 0xff0d || cp == 0xff1d || cp == 0xff20);
}

void escape_csv(struct out *o, const char *text)
{
    static const struct substitutes csv = {{['\n'] = " ", ['\t'] = " ", ['"'] = "\"\""}};
    if (text == NULL)
        return;
    bool quoted = text[strcspn(text, "\",;\n\t'")] != '\0' || text[0] == ' ' || is_formula(text);
    if (quoted)
        out_char(o, '"');
    if (is_formula(text))
        out_char(o, '\'');
    escape_by(o, text, &csv);
    if (quoted)
        out_char(o, '"');
}

void escape_prometheus(struct out *o, const char *text)
{
    static const struct substitutes label = {
        {['\n'] = "\\n", ['\t'] = " ", ['\\'] = "\\\\", ['"'] = "\\\""}};
    out_char(o, '"');
    if (text != NULL)
        escape_by(o, text, &label);
    out_char(o, '"');
}
