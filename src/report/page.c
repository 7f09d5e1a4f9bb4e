/* SPDX-License-Identifier: MIT */
#include "report/page.h"

#include "report/escape.h"

void page_colored(const struct page *p, const char *color, const char *text)
{
    if (p->color)
        out_printf(p->o, "\x1b[%sm%s\x1b[0m", color, text);
    else
        out_str(p->o, text);
}

/* Columns that a text takes: its characters, counted by their first bytes. */
static size_t columns(const char *text, size_t n)
{
    size_t c = 0;
    for (size_t i = 0; i < n; i++)
        c += (text[i] & 0xc0) != 0x80;
    return c;
}

void page_indent(const struct page *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out_char(p->o, ' ');
}

/* Prints as much of *word as fits into `room` columns, at least one character, and cuts it off. */
static size_t print_part(const struct page *p, struct span *word, size_t room)
{
    size_t n = 0, wide = 0;
    while (n < word->len && (wide < room || (word->ptr[n] & 0xc0) == 0x80 || n == 0)) {
        wide += (word->ptr[n] & 0xc0) != 0x80;
        n++;
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
        size_t n = columns((const char *)word.ptr, word.len);
        if (!first && at + 1 + n > PAGE_WIDTH) {
            break_line(p, left);
            at = left;
        } else if (!first) {
            out_char(p->o, ' ');
            at++;
        }
        for (first = false; word.len > 0;) {
            if (at >= PAGE_WIDTH) { /* a word longer than a line */
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
