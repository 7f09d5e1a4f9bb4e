/* SPDX-License-Identifier: MIT */
#include "report/page.h"

#include <string.h>

#include "report/escape.h"
#include "vbscheck/count.h"

enum { WIDTH = 80 };

static const struct looks of_a_file;

static const struct looks *looks_of(const struct page *p)
{
    return p->looks != NULL ? p->looks : &of_a_file;
}

size_t page_width(const struct page *p)
{
    return looks_of(p)->width > 0 ? looks_of(p)->width : WIDTH;
}

void page_colored(const struct page *p, const char *color, const char *text)
{
    if (looks_of(p)->color && color[0] != '\0')
        out_printf(p->o, "\x1b[%sm%s\x1b[0m", color, text);
    else
        out_str(p->o, text);
}

void page_title(const struct page *p, const char *text)
{
    out_char(p->o, '\n');
    page_colored(p, "1", text);
    out_char(p->o, '\n');
}

static const struct {
    const char *word;
    const char *mark;  /* one column of UTF-8 */
    const char *color; /* ECMA-48 SGR */
} standings[IS_COUNT] = {
    [IS_FAIL] = {"fail", "\xe2\x9c\x97", "1;31"},
    [IS_UNKNOWN] = {"unknown", "?", "33"},
    [IS_WEAK] = {"weak", "!", "33"},
    [IS_INFO] = {"info", "\xc2\xb7", ""},
    [IS_PASS] = {"pass", "\xe2\x9c\x93", "32"},
    [IS_INAPPLICABLE] = {"n/a", "\xe2\x80\x93", "2"},
};

enum standing_of page_standing(enum verdict v, enum level level)
{
    static const enum standing_of of_failures[LEVEL_COUNT] = {IS_FAIL, IS_WEAK, IS_INFO};
    static const enum standing_of of_others[V_COUNT] = {
        [V_PASS] = IS_PASS, [V_UNKNOWN] = IS_UNKNOWN, [V_NOT_APPLICABLE] = IS_INAPPLICABLE};
    return v == V_FAIL ? of_failures[level] : of_others[v];
}

void page_mark(const struct page *p, enum standing_of s)
{
    size_t used = strlen(standings[s].word) + 2;
    if (looks_of(p)->marks && !looks_of(p)->ascii)
        page_colored(p, standings[s].color, standings[s].mark);
    else
        out_char(p->o, ' ');
    out_char(p->o, ' ');
    page_colored(p, standings[s].color, standings[s].word);
    page_indent(p, PAGE_INDENT - used);
}

/* Bytes of the character that starts at `p`, and its width in columns in *out. */
static size_t width_of(const struct page *page, const uint8_t *p, size_t len, size_t *out)
{
    unsigned char bytes[5] = {0};
    unsigned long cp = 0;
    *out = 1;
    if (p[0] < 0x80)
        return 1;
    memcpy(bytes, p, len < 4 ? len : 4);
    size_t n = utf8_length(bytes, &cp);
    int columns = looks_of(page)->columns != NULL ? looks_of(page)->columns((wchar_t)cp) : 1;
    if (columns >= 0)
        *out = (size_t)columns;
    return n > 0 ? n : 1;
}

static size_t columns(const struct page *p, struct span s)
{
    size_t all = 0, one = 0;
    while (s.len > 0) {
        size_t n = width_of(p, s.ptr, s.len, &one);
        all += one;
        s = span_skip(s, n);
    }
    return all;
}

static struct span made_safe(const struct page *p, const char *text)
{
    p->clean->len = 0;
    if (looks_of(p)->ascii)
        escape_ascii(p->clean, text);
    else
        escape_terminal(p->clean, text);
    return out_span(p->clean);
}

size_t page_columns(const struct page *p, const char *text)
{
    return columns(p, made_safe(p, text));
}

void page_indent(const struct page *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out_char(p->o, ' ');
}

/* Bytes at the start of `s` that fit into `room` columns; *wide is their width. */
static size_t fitting(const struct page *p, struct span s, size_t room, size_t *wide)
{
    size_t n = 0, one = 0;
    *wide = 0;
    while (n < s.len) {
        size_t len = width_of(p, s.ptr + n, s.len - n, &one);
        if (*wide + one > room)
            break;
        n += len;
        *wide += one;
    }
    return n;
}

/* Prints as much of *word as fits into `room` columns, at least one character, and removes it. */
static size_t print_part(const struct page *p, struct span *word, size_t room)
{
    size_t wide, n = fitting(p, *word, room, &wide);
    if (n == 0)
        n = width_of(p, word->ptr, word->len, &wide);
    out_bytes(p->o, (const char *)word->ptr, n);
    *word = span_skip(*word, n);
    return wide;
}

static void break_line(const struct page *p, size_t left)
{
    out_char(p->o, '\n');
    page_indent(p, left);
}

void page_wrapped(const struct page *p, size_t at, size_t left, const char *text)
{
    struct span rest = made_safe(p, text), word;
    size_t width = page_width(p);
    bool first = true;
    while (span_next_word(&rest, &word)) {
        size_t n = columns(p, word);
        if (!first && at + 1 + n > width) {
            break_line(p, left);
            at = left;
        } else if (!first) {
            out_char(p->o, ' ');
            at++;
        }
        for (first = false; word.len > 0;) {
            size_t one = 0;
            (void)width_of(p, word.ptr, word.len, &one);
            if (at + one > width) { /* a word longer than a line */
                break_line(p, left);
                at = left;
            }
            at += print_part(p, &word, width - at);
        }
    }
    out_char(p->o, '\n');
}

size_t page_cut(const struct page *p, size_t room, const char *text)
{
    const char *ellipsis = looks_of(p)->ascii ? "..." : "\xe2\x80\xa6";
    size_t dots = looks_of(p)->ascii ? 3 : 1, wide;
    struct span s = span_trim(made_safe(p, text));
    size_t n = fitting(p, s, room, &wide);
    if (n == s.len) {
        out_bytes(p->o, (const char *)s.ptr, n);
        return wide;
    }
    n = fitting(p, s, room > dots ? room - dots : 0, &wide);
    struct span kept = span_trim((struct span){s.ptr, n});
    out_bytes(p->o, (const char *)kept.ptr, kept.len);
    out_str(p->o, ellipsis);
    return wide - (n - kept.len) + dots;
}

void page_paragraph(const struct page *p, const char *label, const char *text)
{
    enum { LABEL = 6 };
    page_indent(p, PAGE_INDENT);
    out_printf(p->o, "%-*s", LABEL, label);
    page_wrapped(p, PAGE_INDENT + LABEL, PAGE_INDENT + LABEL, text);
}
