/* SPDX-License-Identifier: MIT */
/* A fleet for people at a terminal. */
#include <inttypes.h>

#include "fleet/print.h"
#include "fleet/sheet.h"
#include "report/page.h"

static void line(const struct page *p, size_t left, size_t next, const char *text)
{
    page_indent(p, left);
    page_wrapped(p, left, next, text);
}

/* As wide as its heading and the largest number below it. */
static size_t column(const struct sheet_section *s, size_t i, struct arena *a)
{
    size_t width = strlen(s->heads[i]);
    for (size_t row = 0; row < s->n_rows; row++) {
        size_t n = strlen(arena_printf(a, "%" PRIu64, s->rows[row].numbers[i]));
        width = n > width ? n : width;
    }
    return width;
}

static void put_section(const struct page *p, const struct sheet_section *s)
{
    struct arena *a = p->o->arena;
    size_t n = s->n_heads - 1, left = 0;
    page_title(p, s->title);
    for (size_t i = 0; s->n_rows > 0 && i < n; i++) {
        left += column(s, i, a) + 2;
        out_printf(p->o, "%*s  ", (int)column(s, i, a), s->heads[i]);
    }
    if (s->n_rows > 0)
        page_wrapped(p, left, left, s->heads[n]);
    for (size_t row = 0; row < s->n_rows; row++) {
        for (size_t i = 0; i < n; i++)
            out_printf(p->o, "%*" PRIu64 "  ", (int)column(s, i, a), s->rows[row].numbers[i]);
        page_wrapped(p, left, left + 2, s->rows[row].label);
        for (size_t i = 0; i < s->rows[row].n_details; i++)
            line(p, 4, 6, s->rows[row].details[i]);
    }
    for (size_t i = 0; i < s->n_notes; i++)
        line(p, 0, 2, s->notes[i]);
}

void fleet_print_text(struct out *o, const struct fleet *f, const struct looks *looks)
{
    struct out clean;
    struct sheet sheet;
    out_init(&clean, o->arena);
    const struct page p = {.o = o, .clean = &clean, .looks = looks};
    sheet_make(f, o->arena, &sheet);
    for (size_t i = 0; i < sheet.n_lead; i++)
        line(&p, 0, 2, sheet.lead[i]);
    for (size_t i = 0; i < sheet.n_sections; i++)
        put_section(&p, &sheet.sections[i]);
}
