/* SPDX-License-Identifier: MIT */
/* Escapes strings from firmware or files for a reader: one function per output format. */
#ifndef REPORT_ESCAPE_H
#define REPORT_ESCAPE_H

#include "vbscheck/out.h"
#include "vbscheck/utf8.h"

/*
 * A JSON string with its quotes (RFC 8259 section 7). Bytes that are not valid UTF-8, and the
 * control characters U+0080 to U+009F, become U+FFFD; invisible characters (directions, soft
 * hyphens, blanks without width, tags) are escaped as \uXXXX. NULL becomes null.
 */
void escape_json(struct out *o, const char *text);

/*
 * For a terminal: printable characters stay as they are; control characters, invalid UTF-8, and
 * invisible characters become '?'.
 */
void escape_terminal(struct out *o, const char *text);

/* The same for a terminal limited to ASCII: an ellipsis becomes three dots, the rest '?'. */
void escape_ascii(struct out *o, const char *text);

/*
 * For Markdown (GitHub's): nothing in the text becomes a mark, a cell, a tag, a link, a mention or
 * a reference. Characters that escape_terminal() replaces become '?'; ends of lines become blanks.
 */
void escape_markdown(struct out *o, const char *text);

/* For XML 1.0, between tags and in attributes: the same characters become '?'. */
void escape_xml(struct out *o, const char *text);

/*
 * For HTML and the SVG in it, between tags and in quoted attributes: the same; ends of lines become
 * blanks. NULL writes nothing.
 */
void escape_html(struct out *o, const char *text);

/* The same, at most `most` characters: if there are more, the last one is an ellipsis. */
void escape_html_cut(struct out *o, size_t most, const char *text);

/*
 * A cell of CSV (RFC 4180), quoted if necessary. Text that a spreadsheet would read as a formula
 * gets an apostrophe in front. NULL is an empty cell.
 */
void escape_csv(struct out *o, const char *text);

/* A label value of Prometheus' text format 0.0.4, with its quotes; NULL is empty. */
void escape_prometheus(struct out *o, const char *text);

#endif
