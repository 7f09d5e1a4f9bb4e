/* SPDX-License-Identifier: MIT */
/* Rows of Microsoft's table: the worst of their rules, and the most important detail. */
#include <string.h>

#include "advice/advice.h"
#include "vbscheck/out.h"

/* The outcomes of one row. */
struct group {
    const struct facts *facts;
    const struct outcome **items;
    size_t n;
    struct arena *arena;
    struct out *text, *more; /* text buffers, shared by all rows in turn */
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

/* An excused unknown does not affect its row, unless nothing else does. */
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

static void add(const struct group *g, const char *text)
{
    detail_add(g->text, "; ", text);
}

/* Known values of the row, after the text about its problems. */
static void add_known(const struct group *g, const char *otherwise)
{
    struct out *o = g->more;
    o->len = 0;
    detail_write(o, g->facts, g->items[0]->rule->row);
    out_char(o, '\0');
    add(g, o->len > 1 ? o->buf : otherwise);
}

/* Two rules that fail for the same reason report it once. */
static void add_failures(const struct group *g, enum level level)
{
    const char *last = "";
    for (size_t i = 0; i < g->n; i++) {
        const struct outcome *r = g->items[i];
        if (r->verdict != V_FAIL || r->level != level)
            continue;
        const char *text = detail_of_failure(g->facts, r, g->arena);
        if (r->waiver != NULL)
            text = arena_printf(g->arena, "%s (waived)", text);
        if (strcmp(text, last) != 0)
            add(g, text);
        last = text;
    }
}

/* How many rules are unknown, or why; then the known values. */
static void add_unknowns(const struct group *g, enum level level)
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
    const char *why =
        outcome_is_excused(first) ? first->rule->excuse.caveat : detail_of_reason(first->reason);
    if (n < all) {
        add(g, arena_printf(g->arena, "%zu of %zu unknown", n, all));
        add_known(g, why);
    } else {
        add_known(g, "");
        if (g->text->len > 0 && outcome_is_excused(first))
            return; /* the row's own words already report these */
        add(g, g->text->len > 0 ? arena_printf(g->arena, "rest %s", why) : why);
    }
}

static void add_inapplicable(const struct group *g)
{
    for (size_t i = 0; i < g->n && g->text->len == 0; i++) {
        if (g->items[i]->verdict == V_NOT_APPLICABLE)
            add(g, g->items[i]->brief != NULL ? g->items[i]->brief : g->items[i]->message);
    }
}

/* Rules below the row's level that fail. */
static void add_lower(const struct group *g, enum level level)
{
    for (size_t i = 0; i < g->n; i++) {
        const struct outcome *r = g->items[i];
        if (r->verdict == V_FAIL && r->level > level)
            add(g, r->level == LEVEL_INFO ? arena_printf(g->arena, "%s (info)",
                                                         detail_of_failure(g->facts, r, g->arena))
                                          : detail_of_failure(g->facts, r, g->arena));
    }
}

static const char *detail(const struct group *g, enum level level, enum verdict status)
{
    g->text->len = 0;
    if (status == V_FAIL)
        add_failures(g, level);
    else if (status == V_UNKNOWN)
        add_unknowns(g, level);
    else if (status == V_NOT_APPLICABLE)
        add_inapplicable(g);
    else
        add_known(g, "");
    if (status != V_NOT_APPLICABLE)
        add_lower(g, level);
    return g->text->len > 0 ? arena_text(g->arena, out_span(g->text)) : verdict_name(status);
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
    struct out text, more;
    struct group g = {f, arena_new(a, const struct outcome *, n), 0, a, &text, &more};
    out_init(&text, a);
    out_init(&more, a);
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
