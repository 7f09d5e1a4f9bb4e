/* SPDX-License-Identifier: MIT */
/* Strings that came from firmware or files, on their way to a reader: one function a target. */
#ifndef REPORT_ESCAPE_H
#define REPORT_ESCAPE_H

#include "vbscheck/out.h"
#include "vbscheck/utf8.h"

/*
 * A JSON string with its quotes (RFC 8259 section 7). Bytes that are not valid UTF-8, and the
 * control characters U+0080 to U+009F, become U+FFFD; characters that are not seen (directions,
 * soft hyphens, blanks without width, tags) are escaped as \uXXXX. NULL becomes null.
 */
void escape_json(struct out *o, const char *text);

/*
 * For a terminal: printable characters as they are; control characters, invalid UTF-8, and the
 * characters that are not seen become '?'.
 */
void escape_terminal(struct out *o, const char *text);

/* The same for one that shows ASCII only: an ellipsis becomes three dots, the rest '?'. */
void escape_ascii(struct out *o, const char *text);

/*
 * For Markdown (GitHub's): nothing in the text becomes a mark, a cell, a tag, a link, a mention or
 * a reference. What escape_terminal() replaces becomes '?'; ends of lines become blanks.
 */
void escape_markdown(struct out *o, const char *text);

/* For XML 1.0, between tags and in attributes: the same characters become '?'. */
void escape_xml(struct out *o, const char *text);

/*
 * For HTML and the SVG in it, between tags and in attributes in quotes: the same; ends of lines
 * become blanks. NULL is nothing.
 */
void escape_html(struct out *o, const char *text);

/* The same, of `most` characters at most: where there are more, the last one is an ellipsis. */
void escape_html_cut(struct out *o, size_t most, const char *text);

/*
 * A cell of CSV (RFC 4180), in quotes where it needs them. What a spreadsheet would take for a
 * formula has an apostrophe in front. NULL is an empty cell.
 */
void escape_csv(struct out *o, const char *text);

/* The value of a label of Prometheus' text format 0.0.4, with its quotes; NULL is empty. */
void escape_prometheus(struct out *o, const char *text);

#endif
