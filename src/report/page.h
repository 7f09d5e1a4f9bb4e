/* SPDX-License-Identifier: MIT */
/* A page of text for people: 80 columns, colour where it is wanted. */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "report/report.h"

enum { PAGE_WIDTH = 80, PAGE_INDENT = 10 };

struct page {
    struct out *o;
    struct out *clean; /* room for a paragraph made safe, for all of them in turn */
    bool color;
    const struct report *r; /* what is printed on it */
};

/* `text` as it is, in a colour of ECMA-48 ("1;31") if the page has colour. */
void page_colored(const struct page *p, const char *color, const char *text);

/* `n` blanks. */
void page_indent(const struct page *p, size_t n);

/*
 * Prints `text`, made safe for terminals, from column `at` on, broken at blanks, and inside words
 * that are longer than a line, so that none is over PAGE_WIDTH; further lines start at column
 * `left`. Ends the line.
 */
void page_wrapped(const struct page *p, size_t at, size_t left, const char *text);

/* A paragraph below a rule, with a word in front of it. */
void page_paragraph(const struct page *p, const char *label, const char *text);

#endif
