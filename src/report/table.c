/* SPDX-License-Identifier: MIT */
#include "report/table.h"

#include <string.h>

#include "vbscheck/count.h"

enum { NAME_WIDTH = 32, VERDICT_WIDTH = 14, AND_MORE = 12, TITLE_WIDTH = 26 };

/* The rows with this status among those that decide the verdict, as many as fit. */
static const char *rows_with(const struct page *p, enum verdict status, size_t room)
{
    struct arena *a = p->o->arena;
    const char *all = "";
    size_t left = 0;
    for (size_t i = 0; i < p->r->advice.n_rows; i++) {
        const struct advice_row *row = &p->r->advice.rows[i];
        if (row->status != status || row->level != LEVEL_REQUIRED)
            continue;
        const char *longer =
            arena_printf(a, "%s%s%s", all, all[0] != '\0' ? ", " : "", row->row->name);
        if (left > 0 || strlen(longer) + AND_MORE > room)
            left++;
        else
            all = longer;
    }
    return left == 0 ? all : arena_printf(a, "%s, +%zu more", all, left);
}

static const char *why(const struct page *p, size_t room)
{
    struct arena *a = p->o->arena;
    const char *open = rows_with(p, V_UNKNOWN, room);
    if (p->r->readiness == NOT_READY)
        return rows_with(p, V_FAIL, room);
    if (p->r->readiness == READY)
        return p->r->n_caveats > 0 ? p->r->caveats[0] : "";
    return open[0] != '\0' ? arena_printf(a, "? %s", open) : "? rules of --only";
}

void table_line(const struct page *p)
{
    static const struct {
        const char *text, *color;
    } words[] = {
        [READY] = {"READY", "1;32"},
        [NOT_READY] = {"NOT READY", "1;31"},
        [UNDETERMINED] = {"UNDETERMINED", "1;33"},
    };
    const char *word = words[p->r->readiness].text;
    size_t room = page_width(p) - NAME_WIDTH - VERDICT_WIDTH - 2;
    page_colored(p, words[p->r->readiness].color, word);
    page_indent(p, VERDICT_WIDTH - strlen(word));
    size_t used = page_cut(p, NAME_WIDTH - 1, report_host_key(p->r, p->o->arena));
    page_indent(p, NAME_WIDTH - used);
    (void)page_cut(p, room, why(p, room));
    out_char(p->o, '\n');
}

void table_mark(const struct report *r, struct table_marks *out)
{
    *out = (struct table_marks){.readiness = (uint8_t)(r->readiness + 1)};
    for (size_t i = 0; i < r->advice.n_rows; i++) {
        size_t row = (size_t)(r->advice.rows[i].row - rule_rows);
        out->of[row] = (uint8_t)(r->advice.rows[i].status + 1);
    }
}

void table_add(struct table_sum *sum, const struct table_marks *marks)
{
    sum->machines++;
    if (marks->readiness > 0 && marks->readiness <= UNDETERMINED + 1)
        sum->readiness[marks->readiness - 1]++;
    for (size_t i = 0; i < n_rule_rows && i < sizeof marks->of; i++) {
        if (marks->of[i] > 0 && marks->of[i] <= V_COUNT)
            sum->of[i][marks->of[i] - 1]++;
    }
}

static size_t machines_with(const struct table_sum *sum, size_t row)
{
    size_t n = 0;
    for (size_t v = 0; v < V_COUNT; v++)
        n += sum->of[row][v];
    return n;
}

void table_write_sum(struct out *o, const struct table_sum *sum, const struct looks *looks)
{
    static const struct {
        enum verdict verdict;
        const char *title;
    } columns[] = {{V_PASS, "pass"},
                   {V_FAIL, "fail"},
                   {V_UNKNOWN, "unknown"},
                   {V_NOT_APPLICABLE, "does not apply"}};
    struct out clean;
    out_init(&clean, o->arena);
    const struct page p = {o, &clean, looks, NULL};
    if (sum->machines == 0)
        return;
    out_char(o, '\n');
    page_colored(&p, "1", arena_printf(o->arena, "%-*s", TITLE_WIDTH, "Row of Microsoft's table"));
    for (size_t c = 0; c < COUNT(columns); c++)
        out_printf(o, "  %10s", columns[c].title);
    out_char(o, '\n');
    for (size_t i = 0; i < n_rule_rows && i < TABLE_ROWS_MAX; i++) {
        if (machines_with(sum, i) == 0)
            continue;
        out_printf(o, "%-*s", TITLE_WIDTH, rule_rows[i].title);
        for (size_t c = 0; c < COUNT(columns); c++)
            out_printf(o, "  %10zu", sum->of[i][columns[c].verdict]);
        out_char(o, '\n');
    }
}
