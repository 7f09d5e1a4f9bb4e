/* SPDX-License-Identifier: MIT */
/* Pictures in a page: plain shapes and words, coloured by classes of the style sheet. */
#ifndef REPORT_HTML_SVG_H
#define REPORT_HTML_SVG_H

#include "vbscheck/out.h"

/*
 * Units of a picture's width: pixels on a telephone, where words of 12 px stay readable; elsewhere
 * it grows with its words.
 */
enum { SVG_WIDTH = 330, SVG_LINE = 18, SVG_COLUMN = 7 };

/*
 * <svg>, `height` units high. To who does not see it, it is an image whose name is `title` and
 * whose description is `words`; `id` is unlike others of the page.
 */
void svg_begin(struct out *o, const char *id, unsigned height, const char *title,
               const char *words);
void svg_end(struct out *o);

/* A rectangle. */
void svg_box(struct out *o, unsigned x, unsigned y, unsigned width, unsigned height,
             const char *class);

/* One line of words from `x` on, its foot at `y`; of what is longer than the picture's width the
 * rest becomes an ellipsis. */
void svg_words(struct out *o, unsigned x, unsigned y, const char *class, const char *text);

/* The same, with the end of the line at `x`. */
void svg_words_end(struct out *o, unsigned x, unsigned y, const char *class, const char *text);

#endif
