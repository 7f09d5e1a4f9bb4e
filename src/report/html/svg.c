/* SPDX-License-Identifier: MIT */
#include "report/html/svg.h"

#include <stdbool.h>

#include "report/escape.h"

void svg_begin(struct out *o, const char *id, unsigned height, const char *title, const char *words)
{
    out_printf(o,
               "<svg role=\"img\" viewBox=\"0 0 %d %u\" aria-labelledby=\"%s-title %s-words\">"
               "<title id=\"%s-title\">",
               SVG_WIDTH, height, id, id, id);
    escape_html(o, title);
    out_printf(o, "</title><desc id=\"%s-words\">", id);
    escape_html(o, words);
    out_str(o, "</desc>\n");
}

void svg_end(struct out *o)
{
    out_str(o, "</svg>\n");
}

void svg_box(struct out *o, unsigned x, unsigned y, unsigned width, unsigned height,
             const char *class)
{
    out_printf(o, "<rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\" rx=\"2\" class=\"%s\"/>\n", x,
               y, width, height, class);
}

static void words(struct out *o, unsigned x, unsigned y, const char *class, const char *text,
                  bool ends)
{
    unsigned room = ends ? x : x < SVG_WIDTH ? SVG_WIDTH - x : 0;
    out_printf(o, "<text x=\"%u\" y=\"%u\" class=\"%s\"%s>", x, y, class,
               ends ? " text-anchor=\"end\"" : "");
    escape_html_cut(o, room / SVG_COLUMN, text);
    out_str(o, "</text>\n");
}

void svg_words(struct out *o, unsigned x, unsigned y, const char *class, const char *text)
{
    words(o, x, y, class, text, false);
}

void svg_words_end(struct out *o, unsigned x, unsigned y, const char *class, const char *text)
{
    words(o, x, y, class, text, true);
}
