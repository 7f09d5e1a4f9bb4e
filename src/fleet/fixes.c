/* SPDX-License-Identifier: MIT */
/* The fixes that would make the most machines ready, counted by the sets that machines need. */
#include <stdlib.h>
#include <string.h>

#include "fleet/fleet.h"

/* What a machine needs for the verdict: fixes, and anything else. */
struct need {
    uint16_t fixes[FLEET_SET_FIXES];
    size_t n;
    bool other_hardware, evidence, too_many;
};

static bool names_rule(const struct told_fix *fix, const char *rule)
{
    for (size_t i = 0; i < fix->n_rules; i++) {
        if (strcmp(fix->rules[i], rule) == 0)
            return true;
    }
    return false;
}

/* True if no fix of the report covers a rule that keeps the machine from being ready. */
static bool lacks_fix(const struct told *t, const struct told_rule *r)
{
    if (r->waived || told_badness(r->id, r->status, r->reason) == 0 || !told_counts(t, r))
        return false;
    for (size_t i = 0; i < t->n_fixes; i++) {
        if (names_rule(&t->fixes[i], r->id))
            return false;
    }
    return true;
}

static int by_number(const void *a, const void *b)
{
    const uint16_t *l = a, *r = b;
    return (*l > *r) - (*l < *r);
}

static void need_fix(struct fleet *f, const struct told_fix *fix, struct need *need,
                     struct arena *a)
{
    bool evidence = strcmp(fix->action, "evidence") == 0;
    size_t before = f->fixes.n;
    size_t i = name_set_count(&f->fixes, arena_printf(a, "%s %s", fix->action, fix->text));
    need->other_hardware |= strcmp(fix->action, "replace-hardware") == 0;
    need->evidence |= evidence;
    if (i == NAME_NONE || need->n == FLEET_SET_FIXES) {
        need->too_many = true;
        return;
    }
    if (f->fixes.n > before) {
        f->fix[i].action = arena_short_text(f->arena, span_of(fix->action));
        f->fix[i].text = arena_short_text(f->arena, span_of(fix->text));
    }
    f->fix[i].machines++;
    f->fix[i].certain += fix->certain;
    if (!evidence)
        need->fixes[need->n++] = (uint16_t)i;
}

static void add_set(struct fleet *f, const struct need *need, struct arena *a)
{
    char *key = arena_printf(a, "of %zu:", need->n);
    for (size_t i = 0; i < need->n; i++)
        key = arena_printf(a, "%s %u", key, (unsigned)need->fixes[i]);
    size_t i = name_set_count(&f->sets, key);
    if (i == NAME_NONE) {
        f->other_sets++;
        return;
    }
    memcpy(f->set[i].fixes, need->fixes, sizeof need->fixes);
    f->set[i].n = need->n;
    if (need->evidence)
        f->set[i].open++;
    else
        f->set[i].machines++;
    if (need->n == 1 && !need->evidence)
        f->fix[need->fixes[0]].alone++;
}

void fleet_add_fixes(struct fleet *f, const struct told *t, struct arena *scratch)
{
    struct need need = {.n = 0};
    bool unfixable = false;
    for (size_t i = 0; i < t->n_rules; i++)
        unfixable |= lacks_fix(t, &t->rules[i]);
    for (size_t i = 0; i < t->n_fixes; i++) {
        if (t->fixes[i].needed)
            need_fix(f, &t->fixes[i], &need, scratch);
    }
    if (need.other_hardware)
        f->hopeless++;
    else if (need.too_many)
        f->other_sets++;
    else if (unfixable || (need.n == 0 && !need.evidence))
        f->unfixable++;
    else if (need.n == 0)
        f->open++;
    else {
        qsort(need.fixes, need.n, sizeof need.fixes[0], by_number);
        add_set(f, &need, scratch);
    }
}

/* The plan --------------------------------------------------------------------------------- */

static size_t missing(const struct fleet_set *s, const bool *done)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++)
        n += !done[s->fixes[i]];
    return n;
}

/* Machines reached when those fixes are done. */
struct reached {
    uint64_t ready, open;
};

/* The fixes of `with` are done, too; NULL: none. */
static struct reached reached_with(const struct fleet *f, const struct fleet_set *with,
                                   const bool *done)
{
    bool all[FLEET_FIXES];
    struct reached n = {0};
    memcpy(all, done, sizeof all);
    for (size_t i = 0; with != NULL && i < with->n; i++)
        all[with->fixes[i]] = true;
    for (size_t i = 0; i < f->sets.n; i++) {
        if (missing(&f->set[i], all) == 0) {
            n.ready += f->set[i].machines;
            n.open += f->set[i].open;
        }
    }
    return n;
}

/* Compares the gain per fix; if equal, fewer fixes are better. */
static bool is_better(struct reached x, size_t n_x, struct reached y, size_t n_y)
{
    if (x.ready * n_y != y.ready * n_x)
        return x.ready * n_y > y.ready * n_x;
    if (x.open * n_y != y.open * n_x)
        return x.open * n_y > y.open * n_x;
    return n_x < n_y;
}

static const struct fleet_set *best_set(const struct fleet *f, const bool *done, size_t room)
{
    const struct fleet_set *best = NULL;
    struct reached now = reached_with(f, NULL, done), most = {0};
    size_t n_most = 1;
    for (size_t i = 0; i < f->sets.n; i++) {
        size_t n = missing(&f->set[i], done);
        if (n == 0 || n > room)
            continue;
        struct reached gain = reached_with(f, &f->set[i], done);
        gain.ready -= now.ready;
        gain.open -= now.open;
        if (best == NULL || is_better(gain, n, most, n_most)) {
            best = &f->set[i];
            most = gain;
            n_most = n;
        }
    }
    return best;
}

/* The fix that most machines need, among those of a set that are not done. */
static size_t most_needed(const struct fleet *f, const struct fleet_set *s, const bool *done)
{
    size_t best = NAME_NONE;
    for (size_t i = 0; i < s->n; i++) {
        size_t fix = s->fixes[i];
        if (!done[fix] && (best == NAME_NONE || f->fix[fix].machines > f->fix[best].machines))
            best = fix;
    }
    return best;
}

size_t fleet_plan(const struct fleet *f, size_t most, struct arena *a, struct fleet_step **steps)
{
    bool done[FLEET_FIXES] = {false};
    size_t n = 0;
    *steps = arena_new(a, struct fleet_step, most);
    while (n < most) {
        const struct fleet_set *s = best_set(f, done, most - n);
        if (s == NULL)
            break;
        while (missing(s, done) > 0) {
            size_t fix = most_needed(f, s, done);
            done[fix] = true;
            struct reached now = reached_with(f, NULL, done);
            (*steps)[n++] = (struct fleet_step){fix, now.ready, now.open};
        }
    }
    return n;
}
