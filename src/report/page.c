/* SPDX-License-Identifier: MIT */
#include "report/page.h"

#include <string.h>

#include "report/escape.h"
#include "vbscheck/count.h"

void page_colored(const struct page *p, const char *color, const char *text)
{
    if (p->color)
        out_printf(p->o, "\x1b[%sm%s\x1b[0m", color, text);
    else
        out_str(p->o, text);
}

/*
 * Columns of the character that starts at `p`: two for the scripts that terminals draw wide
 * (Unicode 15, East_Asian_Width W and F, roughly: more is wide here than there). Counted as one,
 * they would reach the edge of the terminal first, and what follows would begin a line of its own.
 */
static size_t width_of(const uint8_t *p, size_t len, size_t *out)
{
    static const struct {
        unsigned long first, last;
    } wide[] = {{0x1100, 0x115f},   {0x231a, 0x23f3},  {0x25fd, 0x27bf}, {0x2b1b, 0x2b55},
                {0x2e80, 0xa4cf},   {0xa960, 0xa97c},  {0xac00, 0xd7a3}, {0xf900, 0xfaff},
                {0xfe10, 0xfe6f},   {0xff00, 0xff60},  {0xffe0, 0xffe6}, {0x16fe0, 0x1b2ff},
                {0x1f000, 0x1faff}, {0x20000, 0x3ffff}};
    *out = 1;
    if (p[0] < 0x80)
        return 1;
    unsigned char bytes[5] = {0};
    unsigned long cp = 0;
    memcpy(bytes, p, len < 4 ? len : 4);
    size_t n = utf8_length(bytes, &cp);
    for (size_t i = 0; i < COUNT(wide); i++) {
        if (cp >= wide[i].first && cp <= wide[i].last)
            *out = 2;
    }
    return n > 0 ? n : 1;
}

/* Columns that a text takes. */
static size_t columns(struct span s)
{
    size_t all = 0, one = 0;
    while (s.len > 0) {
        size_t n = width_of(s.ptr, s.len, &one);
        all += one;
        s = span_skip(s, n);
    }
    return all;
}

void page_indent(const struct page *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out_char(p->o, ' ');
}

/* Prints as much of *word as fits into `room` columns, at least one character, and cuts it off. */
static size_t print_part(const struct page *p, struct span *word, size_t room)
{
    size_t n = 0, wide = 0, one = 0;
    while (n < word->len) {
        size_t len = width_of(word->ptr + n, word->len - n, &one);
        if (n > 0 && wide + one > room)
            break;
        n += len;
        wide += one;
    }
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
    p->clean->len = 0;
    escape_terminal(p->clean, text);
    struct span rest = out_span(p->clean), word;
    bool first = true;
    while (span_next_word(&rest, &word)) {
        size_t n = columns(word);
        if (!first && at + 1 + n > PAGE_WIDTH) {
            break_line(p, left);
            at = left;
        } else if (!first) {
            out_char(p->o, ' ');
            at++;
        }
        for (first = false; word.len > 0;) {
            size_t one = 0;
            (void)width_of(word.ptr, word.len, &one);
            if (at + one > PAGE_WIDTH) { /* a word longer than a line */
                break_line(p, left);
                at = left;
            }
            at += print_part(p, &word, PAGE_WIDTH - at);
        }
    }
    out_char(p->o, '\n');
}

void page_paragraph(const struct page *p, const char *label, const char *text)
{
    enum { LABEL = 6 };
    page_indent(p, PAGE_INDENT);
    out_printf(p->o, "%-*s", LABEL, label);
    page_wrapped(p, PAGE_INDENT + LABEL, PAGE_INDENT + LABEL, text);
}
