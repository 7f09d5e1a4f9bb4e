/* SPDX-License-Identifier: MIT */
/* Pictures in a page: plain shapes and text, coloured by classes of the style sheet. */
#ifndef REPORT_HTML_SVG_H
#define REPORT_HTML_SVG_H

#include "vbscheck/out.h"

/*
 * Units of a picture's width: pixels on a phone, where text of 12 px stays readable; elsewhere the
 * picture scales with its text.
 */
enum { SVG_WIDTH = 330, SVG_LINE = 18, SVG_COLUMN = 7 };

/*
 * <svg>, `height` units high. For readers who cannot see it, it is an image named `title` with the
 * description `words`; `id` is unique within the page.
 */
void svg_begin(struct out *o, const char *id, unsigned height, const char *title,
               const char *words);
void svg_end(struct out *o);

/* A rectangle. */
void svg_box(struct out *o, unsigned x, unsigned y, unsigned width, unsigned height,
             const char *class);

/*
 * One line of text from `x` on, with its baseline at `y`; text wider than the picture ends in an
 * ellipsis.
 */
void svg_words(struct out *o, unsigned x, unsigned y, const char *class, const char *text);

/* The same, with the line ending at `x`. */
void svg_words_end(struct out *o, unsigned x, unsigned y, const char *class, const char *text);

#endif
