/* SPDX-License-Identifier: MIT */
#include "cli/pages.h"

#include <string.h>

#include "report/page.h"

enum { CELLS_MAX = 4 };

struct span page_section(const char *rule, const char *heading)
{
    struct span rest = {0}, line, section = {0};
    for (size_t i = 0; i < n_rule_pages; i++) {
        if (strcmp(rule_pages[i].rule, rule) == 0)
            rest = rule_pages[i].text;
    }
    while (span_next_line(&rest, &line)) {
        if (!span_starts(line, "## ") || !span_is(span_skip(line, 3), heading))
            continue;
        section = rest;
        while (span_next_line(&rest, &line) && !span_starts(line, "## "))
            ;
        section.len = rest.len > 0 || span_starts(line, "## ") ? (size_t)(line.ptr - section.ptr)
                                                               : section.len;
        break;
    }
    return section;
}

void page_text(struct out *o, size_t at, size_t left, const char *text)
{
    struct out clean;
    out_init(&clean, o->arena);
    const struct page p = {.o = o, .clean = &clean};
    page_wrapped(&p, at, left, text);
}

/* A list item, a paragraph or a row, as far as it is built, without the marks of code. */
struct block {
    struct out text;
    size_t left; /* column of its text */
    bool item;   /* of a list: a dash stands in front */
};

static void put_block(struct out *o, struct block *b)
{
    if (b->text.len == 0)
        return;
    for (size_t i = b->item ? 2 : 0; i < b->left; i++)
        out_char(o, ' ');
    if (b->item)
        out_str(o, "- ");
    page_text(o, b->left, b->left, arena_text(o->arena, out_span(&b->text)));
    b->text.len = 0;
}

static void add_words(struct block *b, struct span words)
{
    if (b->text.len > 0)
        out_char(&b->text, ' ');
    for (size_t i = 0; i < words.len; i++) {
        if (words.ptr[i] != '`')
            out_char(&b->text, (char)words.ptr[i]);
    }
}

/* Splits "| a | b |" into its cells. */
static size_t split_row(struct span line, struct span cells[CELLS_MAX])
{
    size_t n = 0;
    struct span rest = span_skip(line, 1), cell, more;
    while (n < CELLS_MAX && span_split(rest, '|', &cell, &more)) {
        cells[n++] = cell;
        rest = more;
    }
    return n;
}

/* A row as a sentence: "bit 0; name: X; meaning: Y", or "Intel: X" where there are two columns. */
static void put_row(struct out *o, size_t left, struct span head, struct span line)
{
    struct span titles[CELLS_MAX] = {{0}}, cells[CELLS_MAX] = {{0}};
    struct block b = {.left = left + 2, .item = true};
    size_t n = split_row(line, cells);
    (void)split_row(head, titles);
    out_init(&b.text, o->arena);
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            out_char(&b.text, n == 2 ? ':' : ';');
        if (n > 2) {
            add_words(&b, titles[i]);
            if (i > 0)
                out_char(&b.text, ':');
        }
        add_words(&b, cells[i]);
    }
    put_block(o, &b);
}

/*
 * Prints a line of a table; `head` becomes its line of titles. Skips the line of dashes below it.
 */
static void put_table_line(struct out *o, size_t left, struct span *head, struct span line)
{
    if (head->len == 0)
        *head = line;
    else if (!span_starts(line, "|---"))
        put_row(o, left, *head, line);
}

/* "1. text": an item that keeps its number. */
static bool is_numbered(struct span line)
{
    size_t n = 0;
    while (n < line.len && line.ptr[n] >= '0' && line.ptr[n] <= '9')
        n++;
    return n > 0 && span_starts(span_skip(line, n), ". ");
}

void page_markdown(struct out *o, size_t left, struct span text)
{
    struct span line, head = {0};
    struct block b = {.left = left};
    bool gap = false; /* a blank line has to come before the next paragraph */
    size_t begun = o->len;
    out_init(&b.text, o->arena);
    while (span_next_line(&text, &line)) {
        bool item = span_starts(line, "- "), row = span_starts(line, "|");
        if (line.len == 0 || item || row || is_numbered(line))
            put_block(o, &b);
        if (line.len == 0) {
            head = (struct span){0};
            gap = o->len > begun;
            continue;
        }
        if (gap)
            out_char(o, '\n');
        gap = false;
        if (row) {
            put_table_line(o, left, &head, line);
            continue;
        }
        if (b.text.len == 0) {
            b.item = item;
            b.left = item ? left + 2 : left;
        }
        add_words(&b, span_trim(item ? span_skip(line, 2) : line));
    }
    put_block(o, &b);
}
