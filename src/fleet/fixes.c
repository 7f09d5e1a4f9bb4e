/* SPDX-License-Identifier: MIT */
/* What would make the most machines ready, counted by the sets of fixes that machines need. */
#include <stdlib.h>
#include <string.h>

#include "fleet/fleet.h"

/* What a report says beside a fix for the verdict. */
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

/* True if a rule that keeps the machine from being ready waits for no fix of the report. */
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
    size_t before = f->fixes.n;
    size_t i = name_set_count(&f->fixes, arena_printf(a, "%s %s", fix->action, fix->text));
    need->other_hardware |= strcmp(fix->action, "replace-hardware") == 0;
    need->evidence |= strcmp(fix->action, "evidence") == 0;
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
    f->set[i].machines++;
    if (need->n == 1)
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
    else if (unfixable || (need.n == 0 && !need.too_many))
        f->unfixable++;
    else if (need.evidence)
        f->open++;
    else if (need.too_many)
        f->other_sets++;
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

/* Machines of all sets that are done when those of `with`, if any, are done too. */
static uint64_t ready_with(const struct fleet *f, const struct fleet_set *with, const bool *done)
{
    bool all[FLEET_FIXES];
    uint64_t n = 0;
    memcpy(all, done, sizeof all);
    for (size_t i = 0; with != NULL && i < with->n; i++)
        all[with->fixes[i]] = true;
    for (size_t i = 0; i < f->sets.n; i++)
        n += missing(&f->set[i], all) == 0 ? f->set[i].machines : 0;
    return n;
}

/* The set that makes the most machines ready for each fix; fewer fixes first, then the older. */
static const struct fleet_set *best_set(const struct fleet *f, const bool *done, uint64_t ready,
                                        size_t room)
{
    const struct fleet_set *best = NULL;
    uint64_t best_gain = 0;
    size_t best_n = 1;
    for (size_t i = 0; i < f->sets.n; i++) {
        size_t n = missing(&f->set[i], done);
        if (n == 0 || n > room)
            continue;
        uint64_t gain = ready_with(f, &f->set[i], done) - ready;
        uint64_t x = gain * best_n, y = best_gain * n;
        if (x > y || (x == y && n < best_n)) {
            best = &f->set[i];
            best_gain = gain;
            best_n = n;
        }
    }
    return best;
}

/* Of the fixes of a set that are not done, the one that most machines need. */
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
        const struct fleet_set *s = best_set(f, done, ready_with(f, NULL, done), most - n);
        if (s == NULL)
            break;
        while (missing(s, done) > 0) {
            size_t fix = most_needed(f, s, done);
            done[fix] = true;
            (*steps)[n++] = (struct fleet_step){fix, ready_with(f, NULL, done)};
        }
    }
    return n;
}
