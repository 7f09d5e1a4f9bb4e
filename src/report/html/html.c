/* SPDX-License-Identifier: MIT */
#include "report/html/html.h"

#include "report/escape.h"

void html_begin(struct out *o, const char *title)
{
    out_str(o, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
               "<meta http-equiv=\"Content-Security-Policy\" content=\"");
    out_str(o, html_policy);
    out_str(o, "\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
               "<meta name=\"color-scheme\" content=\"light dark\">\n"
               "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
    escape_html(o, title);
    out_str(o, "</title>\n<style>");
    out_str(o, html_style);
    out_str(o, "</style>\n</head>\n<body>\n<main>\n");
}

void html_end(struct out *o, const char *build)
{
    out_str(o, "</main>\n<footer><p>Made by vbscheck " VBSCHECK_VERSION);
    if (build != NULL) {
        out_str(o, " (");
        html_text(o, build);
        out_char(o, ')');
    }
    out_str(o, ".</p></footer>\n</body>\n</html>\n");
}

void html_text(struct out *o, const char *text)
{
    if (text == NULL)
        return;
    out_str(o, "<bdi>");
    escape_html(o, text);
    out_str(o, "</bdi>");
}

void html_cut(struct out *o, size_t most, const char *text)
{
    out_str(o, "<bdi>");
    escape_html_cut(o, most, text);
    out_str(o, "</bdi>");
}

void html_heading(struct out *o, unsigned depth, const char *id, const char *text)
{
    out_printf(o, "<h%u", depth);
    if (id != NULL) {
        out_str(o, " id=\"");
        escape_html(o, id);
        out_char(o, '"');
    }
    out_char(o, '>');
    html_text(o, text);
    out_printf(o, "</h%u>\n", depth);
}

void html_mark(struct out *o, enum standing_of s)
{
    static const struct {
        const char *class, *sign, *word;
    } marks[IS_COUNT] = {
        [IS_FAIL] = {"fail", "\xe2\x9c\x97", "fail"},
        [IS_UNKNOWN] = {"open", "?", "unknown"},
        [IS_WEAK] = {"open", "!", "weak"},
        [IS_INFO] = {"info", "i", "info"},
        [IS_PASS] = {"pass", "\xe2\x9c\x93", "pass"},
        [IS_INAPPLICABLE] = {"info", "\xe2\x80\x93", "n/a"},
    };
    out_printf(o, "<span class=\"mark %s\"><span aria-hidden=\"true\">%s</span> %s</span>",
               marks[s].class, marks[s].sign, marks[s].word);
}

void html_table_begin(struct out *o, const char *caption, const char *const *heads, size_t n)
{
    out_str(o, "<table>\n<caption>");
    html_text(o, caption);
    out_str(o, "</caption>\n<thead><tr>");
    for (size_t i = 0; i < n; i++)
        out_printf(o, "<th scope=\"col\">%s</th>", heads[i]);
    out_str(o, "</tr></thead>\n<tbody>\n");
}

void html_table_end(struct out *o)
{
    out_str(o, "</tbody>\n</table>\n");
}

void html_wide_begin(struct out *o, const char *label)
{
    out_str(o, "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"");
    escape_html(o, label);
    out_str(o, "\">\n");
}

void html_wide_end(struct out *o)
{
    out_str(o, "</div>\n");
}

void html_row(struct out *o, const char *const *cells, size_t n)
{
    out_str(o, "<tr>");
    for (size_t i = 0; i < n; i++) {
        out_str(o, i == 0 ? "<th scope=\"row\">" : "<td>");
        html_text(o, cells[i]);
        out_str(o, i == 0 ? "</th>" : "</td>");
    }
    out_str(o, "</tr>\n");
}
