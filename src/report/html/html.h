/* SPDX-License-Identifier: MIT */
/*
 * The frame of every HTML page: one file, no script, nothing external. The only style sheet is in
 * style.c; elements are styled by classes alone, since the page's policy rejects style attributes.
 */
#ifndef REPORT_HTML_HTML_H
#define REPORT_HTML_HTML_H

#include <stdbool.h>

#include "report/page.h"
#include "vbscheck/out.h"

/* Everything up to and including <main>; `title` is the window's title, escaped here. */
void html_begin(struct out *o, const char *title);

/* Ends <main>, names the page's generator, and ends the page; `build` may be NULL. */
void html_end(struct out *o, const char *build);

/*
 * A value: escaped, and isolated by <bdi>, so that right-to-left text moves nothing around it. NULL
 * writes nothing.
 */
void html_text(struct out *o, const char *text);

/* The same, cut after `most` characters, with an ellipsis. */
void html_cut(struct out *o, size_t most, const char *text);

/* An <h2> or <h3>, with an id for links and labels; NULL: none. */
void html_heading(struct out *o, unsigned depth, const char *id, const char *text);

/* The word of a result after its sign: colour is never the only difference. */
void html_mark(struct out *o, enum standing_of s);

/* <table> with caption and headings, up to and including <tbody>; then rows; then the end. */
void html_table_begin(struct out *o, const char *caption, const char *const *heads, size_t n);
void html_table_end(struct out *o);

/* Around a table of many columns: a small screen can scroll it, also by keyboard. */
void html_wide_begin(struct out *o, const char *label);
void html_wide_end(struct out *o);

/* A row: its first cell is its header. Writes `n` values like html_text(). */
void html_row(struct out *o, const char *const *cells, size_t n);

/* The style sheet, and the value of Content-Security-Policy that allows nothing else. */
extern const char html_style[], html_policy[];

#endif
