/* SPDX-License-Identifier: MIT */
/* A fleet for tickets and step summaries (GitHub Flavored Markdown). */
#include <inttypes.h>

#include "fleet/print.h"
#include "fleet/sheet.h"
#include "report/escape.h"

static void put_item(struct out *o, const char *text)
{
    out_str(o, "- ");
    escape_markdown(o, text);
    out_char(o, '\n');
}

static void put_row(struct out *o, const struct sheet_section *s, const struct sheet_row *row)
{
    for (size_t i = 0; i + 1 < s->n_heads; i++)
        out_printf(o, "| %" PRIu64 " ", row->numbers[i]);
    out_str(o, "| ");
    escape_markdown(o, row->label);
    for (size_t i = 0; i < row->n_details; i++) {
        out_str(o, "<br>");
        escape_markdown(o, row->details[i]);
    }
    out_str(o, " |\n");
}

static void put_section(struct out *o, const struct sheet_section *s)
{
    out_printf(o, "\n### %s\n\n", s->title);
    for (size_t i = 0; s->n_rows > 0 && i < s->n_heads; i++)
        out_printf(o, "| %s ", s->heads[i]);
    if (s->n_rows > 0)
        out_str(o, "|\n");
    for (size_t i = 0; s->n_rows > 0 && i < s->n_heads; i++)
        out_str(o, i + 1 < s->n_heads ? "|--:" : "|---|\n");
    for (size_t i = 0; i < s->n_rows; i++)
        put_row(o, s, &s->rows[i]);
    if (s->n_rows > 0 && s->n_notes > 0)
        out_char(o, '\n');
    for (size_t i = 0; i < s->n_notes; i++)
        put_item(o, s->notes[i]);
}

void fleet_print_markdown(struct out *o, const struct fleet *f, const struct looks *looks)
{
    struct sheet sheet;
    (void)looks;
    sheet_make(f, o->arena, &sheet);
    out_str(o, "## vbscheck: a fleet\n\n");
    for (size_t i = 0; i < sheet.n_lead; i++)
        put_item(o, sheet.lead[i]);
    for (size_t i = 0; i < sheet.n_sections; i++)
        put_section(o, &sheet.sections[i]);
}
