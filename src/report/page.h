/* SPDX-License-Identifier: MIT */
/* A page of text for people: as wide as their terminal, with colour and marks if supported. */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "report/report.h"

enum { PAGE_INDENT = 10 };

struct page {
    struct out *o;
    struct out *clean;         /* buffer for a cleaned paragraph, shared by all */
    const struct looks *looks; /* NULL: those of a file */
    const struct report *r;    /* the report being printed; NULL: something else */
};

/* Columns of a line: those of the terminal, or 80. */
size_t page_width(const struct page *p);

/* `text` unchanged, in an ECMA-48 colour ("1;31") if the page has colour and `color` is one. */
void page_colored(const struct page *p, const char *color, const char *text);

/* A title in bold, on its own line after an empty one. */
void page_title(const struct page *p, const char *text);

/* A result: a word, and on terminals a mark. */
enum standing_of { IS_FAIL, IS_UNKNOWN, IS_WEAK, IS_INFO, IS_PASS, IS_INAPPLICABLE, IS_COUNT };

/* A failed rule that is recommended is a weakness; one that is for information counts less. */
enum standing_of page_standing(enum verdict v, enum level level);

/* The word in its colour after its mark, from column 0 to PAGE_INDENT. */
void page_mark(const struct page *p, enum standing_of s);

/* `n` blanks. */
void page_indent(const struct page *p, size_t n);

/*
 * Prints `text`, made safe for terminals, from column `at` on, wrapped at blanks, and inside words
 * longer than a line, so that no line exceeds page_width(); further lines start at column `left`.
 * Ends the line.
 */
void page_wrapped(const struct page *p, size_t at, size_t left, const char *text);

/* The same in at most `room` columns: longer text ends in an ellipsis. Returns the columns. */
size_t page_cut(const struct page *p, size_t room, const char *text);

/* Width in columns of a text made safe. */
size_t page_columns(const struct page *p, const char *text);

/* A paragraph below a rule, after a label. */
void page_paragraph(const struct page *p, const char *label, const char *text);

#endif
