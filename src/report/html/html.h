/* SPDX-License-Identifier: MIT */
/*
 * The frame of every HTML page: one file, no script, nothing from elsewhere. Its look is the one
 * style sheet in style.c; what is in the page is marked by classes alone, since the page's policy
 * refuses styles in attributes.
 */
#ifndef REPORT_HTML_HTML_H
#define REPORT_HTML_HTML_H

#include <stdbool.h>

#include "report/page.h"
#include "vbscheck/out.h"

/* Everything up to and with <main>; `title` is of the window, escaped here. */
void html_begin(struct out *o, const char *title);

/* Ends <main>, says who made the page, and ends it; `build` may be NULL. */
void html_end(struct out *o, const char *build);

/*
 * A value: escaped, and isolated by <bdi>, so that letters that run from right to left move
 * nothing around them. NULL is nothing.
 */
void html_text(struct out *o, const char *text);

/* The same, of which at most `most` characters are shown, and an ellipsis behind them. */
void html_cut(struct out *o, size_t most, const char *text);

/* An <h2> or <h3>, with the id by which a link or a label finds it; NULL: none. */
void html_heading(struct out *o, unsigned depth, const char *id, const char *text);

/* The word for how something stands with a sign in front: colour is never all that tells. */
void html_mark(struct out *o, enum standing_of s);

/* <table> with its caption and its heads, up to and with <tbody>; then rows; then the end. */
void html_table_begin(struct out *o, const char *caption, const char *const *heads, size_t n);
void html_table_end(struct out *o);

/* Around a table of many columns: a small screen scrolls it, by the keyboard too. */
void html_wide_begin(struct out *o, const char *label);
void html_wide_end(struct out *o);

/* A row: its first cell is its header. `n` values as html_text() writes them. */
void html_row(struct out *o, const char *const *cells, size_t n);

/* The style sheet, and the value of Content-Security-Policy that allows it and nothing else. */
extern const char html_style[], html_policy[];

#endif
