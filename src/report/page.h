/* SPDX-License-Identifier: MIT */
/* A page of text for people: as wide as their terminal, colour and marks where they can be shown.
 */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "report/report.h"

enum { PAGE_INDENT = 10 };

struct page {
    struct out *o;
    struct out *clean;         /* room for a paragraph made safe, for all of them in turn */
    const struct looks *looks; /* NULL: those of a file */
    const struct report *r;    /* what is printed on it; NULL: something else */
};

/* Columns of a line: those of the terminal, or 80. */
size_t page_width(const struct page *p);

/* `text` as it is, in a colour of ECMA-48 ("1;31") if the page has colour and this is one. */
void page_colored(const struct page *p, const char *color, const char *text);

/* A title in bold, on a line of its own behind an empty one. */
void page_title(const struct page *p, const char *text);

/* How something stands: a word, and on terminals a mark. */
enum standing_of { IS_FAIL, IS_UNKNOWN, IS_WEAK, IS_INFO, IS_PASS, IS_INAPPLICABLE, IS_COUNT };

/* A failure of a rule that is only recommended is a weakness, one that is for information less. */
enum standing_of page_standing(enum verdict v, enum level level);

/* The word in its colour, its mark in front, from column 0 to PAGE_INDENT. */
void page_mark(const struct page *p, enum standing_of s);

/* `n` blanks. */
void page_indent(const struct page *p, size_t n);

/*
 * Prints `text`, made safe for terminals, from column `at` on, broken at blanks, and inside words
 * that are longer than a line, so that none is over page_width(); further lines start at column
 * `left`. Ends the line.
 */
void page_wrapped(const struct page *p, size_t at, size_t left, const char *text);

/* The same in `room` columns at most: what is over ends in an ellipsis. Returns the columns. */
size_t page_cut(const struct page *p, size_t room, const char *text);

/* Columns that a text takes, made safe. */
size_t page_columns(const struct page *p, const char *text);

/* A paragraph below a rule, with a word in front of it. */
void page_paragraph(const struct page *p, const char *label, const char *text);

#endif
