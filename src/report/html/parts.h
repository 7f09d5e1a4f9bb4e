/* SPDX-License-Identifier: MIT */
/* The parts of the page about one machine. */
#ifndef REPORT_HTML_PARTS_H
#define REPORT_HTML_PARTS_H

#include "report/page.h"

/*
 * The first page, which a printer puts on one sheet of A4: so many lines and characters of each
 * thing at most. Whatever is cut here stands whole in the details.
 */
void html_summary(const struct page *p);

/* What is not fine, every rule, what Windows would do, notes, and what was read. */
void html_details(const struct page *p);

/* Pictures, each with a table of the same; nothing of what the evidence does not show. */
void html_units(const struct page *p);
void html_regions(const struct page *p);

/* Rows of one table; more are counted. Text and JSON list all. */
enum { HTML_ROWS_MAX = 300 };

/* Says how many rows a table of `n` left out; nothing where it left out none. */
void html_left_out(struct out *o, size_t n);

#endif
