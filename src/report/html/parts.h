/* SPDX-License-Identifier: MIT */
/* The parts of the page about one machine. */
#ifndef REPORT_HTML_PARTS_H
#define REPORT_HTML_PARTS_H

#include "report/page.h"

/*
 * The first page, which a printer fits on one sheet of A4: limited lines and characters for each
 * part. Parts that are cut here are complete in the details.
 */
void html_summary(const struct page *p);

/* Rules that are not fine, all rules, the forecast, notes, and the sources. */
void html_details(const struct page *p);

/* Pictures, each with a table of the same data; no picture without evidence. */
void html_units(const struct page *p);
void html_regions(const struct page *p);

/* Most rows of one table; the rest is counted. Text and JSON list all. */
enum { HTML_ROWS_MAX = 300 };

/* Reports how many rows of a table of `n` were left out; nothing if none were. */
void html_left_out(struct out *o, size_t n);

#endif
