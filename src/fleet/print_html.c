/* SPDX-License-Identifier: MIT */
/* A fleet as a page: the needed fixes on the first printed page, with bars; then all tables. */
#include <inttypes.h>

#include "fleet/print.h"
#include "fleet/sheet.h"
#include "report/html/html.h"
#include "report/html/svg.h"
#include "vbscheck/count.h"

enum { BAR_HEIGHT = 10 };

/* In the order of the parts in a bar, so that colour is not the only difference. */
static const char *const part_classes[PART_COUNT] = {
    [PART_FAIL] = "fail", [PART_UNKNOWN] = "open", [PART_PASS] = "pass", [PART_OTHER] = "track"};

static uint64_t bar_total(const uint64_t bar[PART_COUNT])
{
    uint64_t n = 0;
    for (size_t i = 0; i < PART_COUNT; i++)
        n += bar[i];
    return n;
}

/* Parts end at their running sum, so that rounding errors do not add up. */
static void put_bar(struct out *o, unsigned y, const uint64_t bar[PART_COUNT], uint64_t most)
{
    const double width = (double)SVG_WIDTH;
    uint64_t sum = 0;
    for (size_t i = 0; i < PART_COUNT; i++) {
        unsigned from = (unsigned)((double)sum / (double)most * width);
        sum += bar[i];
        unsigned to = (unsigned)((double)sum / (double)most * width);
        if (bar[i] > 0)
            svg_box(o, from, y, to > from ? to - from : 1, BAR_HEIGHT, part_classes[i]);
    }
}

/* "3 fail, 0 unknown": a bar for readers who cannot see it. */
static const char *bar_words(const struct sheet_section *s, const struct sheet_row *row,
                             struct arena *a)
{
    char *text = arena_printf(a, "%s", "");
    for (size_t i = 0; i + 1 < s->n_heads; i++)
        text = arena_printf(a, "%s%s%" PRIu64 " %s", text, i > 0 ? ", " : "", row->numbers[i],
                            s->heads[i]);
    return text;
}

static uint64_t longest_bar(const struct sheet_section *s)
{
    uint64_t most = 1;
    for (size_t i = 0; i < s->n_rows; i++)
        most = bar_total(s->rows[i].bar) > most ? bar_total(s->rows[i].bar) : most;
    return most;
}

static void put_details(struct out *o, const struct sheet_row *row, size_t columns)
{
    if (row->n_details == 0)
        return;
    out_printf(o, "<tr><td colspan=\"%zu\"><ul class=\"soft\">", columns);
    for (size_t i = 0; i < row->n_details; i++) {
        out_str(o, "<li>");
        html_text(o, row->details[i]);
        out_str(o, "</li>");
    }
    out_str(o, "</ul></td></tr>\n");
}

/* A name is above its numbers: a phone has no room for both in one line. */
static void put_table(struct out *o, const struct sheet_section *s, size_t number)
{
    size_t n = s->n_heads - 1;
    out_str(o, "<table>\n<thead><tr>");
    for (size_t i = 0; i < n; i++)
        out_printf(o, "<th scope=\"col\" class=\"number\">%s</th>", s->heads[i]);
    out_str(o, "</tr></thead>\n");
    for (size_t row = 0; row < s->n_rows; row++) {
        out_printf(o, "<tbody><tr><td colspan=\"%zu\"><strong>", n);
        html_text(o, s->rows[row].label);
        out_str(o, "</strong>");
        if (s->bars) {
            svg_begin(o, arena_printf(o->arena, "bar-%zu-%zu", number, row), BAR_HEIGHT, "Bar",
                      bar_words(s, &s->rows[row], o->arena));
            put_bar(o, 0, s->rows[row].bar, longest_bar(s));
            svg_end(o);
        }
        out_str(o, "</td></tr>\n<tr>");
        for (size_t i = 0; i < n; i++)
            out_printf(o, "<td class=\"number\">%" PRIu64 "</td>", s->rows[row].numbers[i]);
        out_str(o, "</tr>\n");
        put_details(o, &s->rows[row], n);
        out_str(o, "</tbody>\n");
    }
    out_str(o, "</table>\n");
}

static void put_section(struct out *o, const struct sheet_section *s, size_t number)
{
    out_str(o, "<section>\n");
    html_heading(o, 2, NULL, s->title);
    if (s->n_rows > 0)
        put_table(o, s, number);
    for (size_t i = 0; i < s->n_notes; i++) {
        out_str(o, "<p>");
        html_text(o, s->notes[i]);
        out_str(o, "</p>\n");
    }
    out_str(o, "</section>\n");
}

/* The verdicts as one bar. */
static void put_verdicts(struct out *o, const struct sheet *sheet)
{
    if (sheet->machines == 0)
        return;
    out_str(o, "<figure>\n");
    svg_begin(o, "verdicts", BAR_HEIGHT, "Verdicts",
              "One bar. From left: not ready, undetermined, ready.");
    put_bar(o, 0, sheet->bar, sheet->machines);
    svg_end(o);
    out_str(
        o,
        "<figcaption>From left: not ready, undetermined, ready. In the bars below: fail "
        "or not ready, unknown or undetermined, pass or ready, other.</figcaption>\n</figure>\n");
}

static void put_sections(struct out *o, const struct sheet *sheet, bool first_page)
{
    for (size_t i = 0; i < sheet->n_sections; i++) {
        if (sheet->sections[i].first_page == first_page)
            put_section(o, &sheet->sections[i], i);
    }
}

void fleet_print_html(struct out *o, const struct fleet *f, const struct looks *looks)
{
    struct sheet sheet;
    (void)looks;
    sheet_make(f, o->arena, &sheet);
    html_begin(o, "vbscheck: a fleet");
    out_str(o, "<div class=\"summary\">\n<h1>A fleet and virtualization-based security</h1>\n");
    for (size_t i = 0; i < sheet.n_lead; i++) {
        out_str(o, "<p>");
        html_text(o, sheet.lead[i]);
        out_str(o, "</p>\n");
    }
    put_verdicts(o, &sheet);
    put_sections(o, &sheet, true);
    out_str(o, "</div>\n");
    put_sections(o, &sheet, false);
    html_end(o, NULL);
}
