/* SPDX-License-Identifier: MIT */
/* The fewest steps to a ready machine, each listed once, in the order to do them. */
#include <stdlib.h>
#include <string.h>

#include "advice/advice.h"

/* The rules that wait for each step. */
struct plan {
    struct fix steps[STEP_COUNT];
    size_t most; /* most rules that can wait for one step */
    bool no_excuse;
    struct arena *arena;
};

static bool is_open(const struct outcome *o)
{
    return o->verdict == V_FAIL || o->verdict == V_UNKNOWN;
}

/* An excuse is not evidence: if nothing else counts, excused rules have to be decided. */
static bool nothing_else_counts(const struct outcome *outcomes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct outcome *o = &outcomes[i];
        if (o->counts && o->verdict != V_NOT_APPLICABLE && !outcome_is_excused(o))
            return false;
    }
    return true;
}

/* Does this outcome keep the verdict from being "ready"? */
static bool needs(const struct plan *p, const struct outcome *o)
{
    return o->counts && (p->no_excuse || !outcome_is_excused(o));
}

/* Rules that are for information only need no step. */
static enum step step_of(const struct outcome *o)
{
    bool matters = is_open(o) && (o->level != LEVEL_INFO || o->counts);
    return matters && o->remedy != NULL ? o->remedy->step : STEP_NONE;
}

static bool adds_name(const char **names, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(names[i], name) == 0)
            return false;
    }
    names[n] = name;
    return true;
}

static void wait_for(struct plan *p, enum step step, const struct outcome *o)
{
    struct fix *fix = &p->steps[step];
    if (fix->n_rules == 0) {
        fix->step = step;
        fix->text = step_infos[step].text;
        fix->rules = arena_new(p->arena, const char *, p->most);
        fix->rows = arena_new(p->arena, const char *, p->most);
        fix->certain = true;
    }
    if (o->remedy->step == step && fix->text == step_infos[step].text)
        fix->text = remedy_line(o->remedy);
    fix->n_rules += adds_name(fix->rules, fix->n_rules, o->rule->id);
    fix->n_rows += adds_name(fix->rows, fix->n_rows, o->rule->row);
    fix->certain &= o->remedy->certain;
    fix->needed |= needs(p, o);
}

/* The step that contains this one, if it has to be done as well; else this one. */
static enum step outermost(const bool wanted[STEP_COUNT], enum step step)
{
    enum step found = step;
    for (enum step s = step_infos[step].within; s != STEP_NONE; s = step_infos[s].within)
        found = wanted[s] ? s : found;
    return found;
}

/* Ask first for the evidence that decides most. */
static int by_order(const void *a, const void *b)
{
    const struct fix *l = a, *r = b;
    enum action x = step_infos[l->step].action, y = step_infos[r->step].action;
    if (l->needed != r->needed)
        return l->needed ? -1 : 1;
    if (x != y)
        return x < y ? -1 : 1;
    /* A capture cannot restore the lost first lines of a log. */
    if ((l->step == STEP_LOG_BEGINNING) != (r->step == STEP_LOG_BEGINNING))
        return l->step == STEP_LOG_BEGINNING ? -1 : 1;
    if (l->n_rules != r->n_rules)
        return l->n_rules > r->n_rules ? -1 : 1;
    return (l->step > r->step) - (l->step < r->step);
}

/* If only other hardware helps, there is no other advice. */
static void keep_replacement(const struct outcome *outcomes, size_t n, struct advice *out)
{
    for (size_t i = 0; i < out->n_fixes; i++) {
        if (out->fixes[i].step == STEP_REPLACE)
            out->fixes[0] = out->fixes[i];
    }
    out->n_fixes = 1;
    for (size_t i = 0; i < n; i++)
        out->beside += is_open(&outcomes[i]) && step_of(&outcomes[i]) != STEP_REPLACE;
}

void advise_fixes(const struct outcome *outcomes, size_t n, struct arena *a, struct advice *out)
{
    struct plan plan = {.most = n, .no_excuse = nothing_else_counts(outcomes, n), .arena = a};
    bool needed[STEP_COUNT] = {false}, wanted[STEP_COUNT] = {false};
    for (size_t i = 0; i < n; i++) {
        enum step step = step_of(&outcomes[i]);
        wanted[step] = true;
        needed[step] |= needs(&plan, &outcomes[i]);
    }
    for (size_t i = 0; i < n; i++) {
        enum step step = step_of(&outcomes[i]);
        const bool *with = needs(&plan, &outcomes[i]) ? needed : wanted;
        if (step != STEP_NONE)
            wait_for(&plan, outermost(with, step), &outcomes[i]);
    }
    out->fixes = arena_new(a, struct fix, STEP_COUNT);
    for (unsigned s = STEP_NONE + 1; s < STEP_COUNT; s++) {
        if (plan.steps[s].n_rules > 0)
            out->fixes[out->n_fixes++] = plan.steps[s];
    }
    qsort(out->fixes, out->n_fixes, sizeof *out->fixes, by_order);
    out->hopeless = needed[STEP_REPLACE];
    if (out->hopeless)
        keep_replacement(outcomes, n, out);
}

void advise(const struct facts *f, const struct outcome *outcomes, size_t n, struct arena *a,
            struct advice *out)
{
    *out = (struct advice){0};
    advise_rows(f, outcomes, n, a, out);
    advise_fixes(outcomes, n, a, out);
}
