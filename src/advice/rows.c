/* SPDX-License-Identifier: MIT */
/* Rows of Microsoft's table: the worst of their rules, and what tells most about it. */
#include <string.h>

#include "advice/advice.h"
#include "vbscheck/out.h"

/* The outcomes of one row. */
struct group {
    const struct facts *facts;
    const struct outcome **items;
    size_t n;
    struct arena *arena;
};

bool outcome_is_excused(const struct outcome *o)
{
    return o->verdict == V_UNKNOWN && o->rule->excuse.caveat != NULL &&
           o->reason == o->rule->excuse.reason;
}

static enum level highest_level(const struct group *g)
{
    enum level level = LEVEL_INFO;
    for (size_t i = 0; i < g->n; i++)
        level = g->items[i]->level < level ? g->items[i]->level : level;
    return level;
}

static enum verdict worse(enum verdict a, enum verdict b)
{
    static const unsigned badness[V_COUNT] = {
        [V_NOT_APPLICABLE] = 0, [V_PASS] = 1, [V_UNKNOWN] = 2, [V_FAIL] = 3};
    return badness[a] > badness[b] ? a : b;
}

/* An excused unknown says nothing of its row, unless nothing else does. */
static enum verdict status_of(const struct group *g, enum level level)
{
    enum verdict worst = V_NOT_APPLICABLE;
    bool any = false;
    for (size_t i = 0; i < g->n; i++) {
        if (g->items[i]->level == level && !outcome_is_excused(g->items[i])) {
            worst = worse(worst, g->items[i]->verdict);
            any = true;
        }
    }
    return any ? worst : V_UNKNOWN;
}

static void add(struct out *o, const char *text)
{
    if (text[0] == '\0')
        return;
    if (o->len > 0)
        out_str(o, "; ");
    out_str(o, text);
}

/* Two rules that break over one thing say it once. */
static void add_failures(const struct group *g, enum level level, struct out *o)
{
    const char *last = "";
    for (size_t i = 0; i < g->n; i++) {
        const struct outcome *r = g->items[i];
        if (r->verdict != V_FAIL || r->level != level)
            continue;
        const char *text = detail_of_failure(g->facts, r, g->arena);
        if (strcmp(text, last) != 0)
            add(o, text);
        last = text;
    }
}

/* How much is not known, and what is; or, of all of it, why. */
static void add_unknowns(const struct group *g, enum level level, struct out *o)
{
    size_t n = 0, all = 0;
    const struct outcome *first = NULL;
    for (size_t i = 0; i < g->n; i++) {
        const struct outcome *r = g->items[i];
        if (r->level != level || r->verdict == V_NOT_APPLICABLE)
            continue;
        all++;
        if (r->verdict == V_UNKNOWN && n++ == 0)
            first = r;
    }
    if (n < all) {
        add(o, arena_printf(g->arena, "%zu of %zu rules unknown", n, all));
        const char *known = detail_of(g->facts, g->items[0]->rule->row, g->arena);
        add(o, known[0] != '\0' ? known : detail_of_reason(first->reason));
    } else {
        add(o, outcome_is_excused(first) ? first->rule->excuse.caveat
                                         : detail_of_reason(first->reason));
    }
}

static void add_inapplicable(const struct group *g, struct out *o)
{
    for (size_t i = 0; i < g->n && o->len == 0; i++) {
        if (g->items[i]->verdict == V_NOT_APPLICABLE)
            add(o, g->items[i]->brief != NULL ? g->items[i]->brief : g->items[i]->message);
    }
}

/* Rules below the row's level that fail. */
static void add_lower(const struct group *g, enum level level, struct out *o)
{
    for (size_t i = 0; i < g->n; i++) {
        const struct outcome *r = g->items[i];
        if (r->verdict == V_FAIL && r->level > level)
            add(o, r->level == LEVEL_INFO ? arena_printf(g->arena, "%s (info)",
                                                         detail_of_failure(g->facts, r, g->arena))
                                          : detail_of_failure(g->facts, r, g->arena));
    }
}

static const char *detail(const struct group *g, enum level level, enum verdict status)
{
    struct out o;
    out_init(&o, g->arena);
    if (status == V_FAIL)
        add_failures(g, level, &o);
    else if (status == V_UNKNOWN)
        add_unknowns(g, level, &o);
    else if (status == V_NOT_APPLICABLE)
        add_inapplicable(g, &o);
    else
        add(&o, detail_of(g->facts, g->items[0]->rule->row, g->arena));
    if (status != V_NOT_APPLICABLE)
        add_lower(g, level, &o);
    return o.len > 0 ? arena_text(g->arena, out_span(&o)) : verdict_name(status);
}

static struct advice_row row_of(const struct group *g, const struct rule_row *row)
{
    enum level level = highest_level(g);
    struct advice_row r = {.row = row, .level = level, .status = status_of(g, level)};
    r.detail = detail(g, level, r.status);
    r.rules = arena_new(g->arena, const char *, g->n);
    for (size_t i = 0; i < g->n; i++)
        r.rules[r.n_rules++] = g->items[i]->rule->id;
    return r;
}

void advise_rows(const struct facts *f, const struct outcome *outcomes, size_t n, struct arena *a,
                 struct advice *out)
{
    struct group g = {f, arena_new(a, const struct outcome *, n), 0, a};
    out->rows = arena_new(a, struct advice_row, n_rule_rows);
    for (size_t i = 0; i < n_rule_rows; i++) {
        g.n = 0;
        for (size_t j = 0; j < n; j++) {
            if (strcmp(outcomes[j].rule->row, rule_rows[i].name) == 0)
                g.items[g.n++] = &outcomes[j];
        }
        if (g.n > 0)
            out->rows[out->n_rows++] = row_of(&g, &rule_rows[i]);
    }
}
