/* SPDX-License-Identifier: MIT */
#include "compare/baseline.h"

#include <string.h>

#include "compare/told.h"

/* "unknown (no-permission)" */
static const char *words(const char *status, const char *reason, struct arena *a)
{
    return reason != NULL ? arena_printf(a, "%s (%s)", status, reason) : status;
}

static void add_worse(struct against *b, struct arena *a, const char *id, const char *before,
                      const char *now)
{
    struct worse_rule *rules =
        arena_grow(a, (void *)(uintptr_t)b->rules, b->n_rules, sizeof *rules);
    rules[b->n_rules++] = (struct worse_rule){id, before, now};
    b->rules = rules;
}

/* True if the rule counts and got worse. */
static bool hold(struct outcome *o, const struct told_rule *then, bool counts, bool verdict_worse,
                 struct arena *a, struct against *out)
{
    const char *reason = o->verdict == V_UNKNOWN ? status_name(o->reason) : NULL;
    unsigned now = told_badness(o->rule->id, verdict_name(o->verdict), reason);
    unsigned before = then != NULL ? told_badness(then->id, then->status, then->reason) : 1;
    /* A rule missing from the baseline is blamed only if the verdict got worse. */
    bool worse = counts && now > before && (then != NULL || verdict_worse);
    o->blamed = worse;
    o->before = worse || then == NULL ? NULL : then->status;
    if (worse)
        add_worse(out, a, o->rule->id,
                  then != NULL ? words(then->status, then->reason, a) : "not judged",
                  words(verdict_name(o->verdict), reason, a));
    return worse;
}

static void note_machines(struct report *r, const struct told *then, struct arena *a)
{
    static const enum fact_id facts[TOLD_HOST_COUNT] = {
        [TOLD_ARCH] = FACT_HOST_ARCH,
        [TOLD_VENDOR] = FACT_HOST_VENDOR,
        [TOLD_PRODUCT] = FACT_HOST_PRODUCT,
        [TOLD_BOARD] = FACT_HOST_BOARD,
    };
    struct told now = {.label = labels_get(&r->snap->labels, "host")};
    for (size_t i = 0; i < TOLD_HOST_COUNT; i++) {
        if (facts[i] != FACT_NONE && fact_known(&r->facts, facts[i]))
            now.host[i] = r->facts.all[facts[i]].v.text;
    }
    const char *why = told_two_machines(then, &now, a);
    if (why != NULL)
        notes_add(&r->notes, "baseline", "it is the report of another machine: %s", why);
}

/* One profile may not judge what another requires. */
static void note_profiles(struct report *r, const struct told *then)
{
    if (then->profile != NULL && strcmp(then->profile, r->policy.name) != 0)
        notes_add(&r->notes, "baseline", "it was judged by the profile %s, this scan by %s",
                  then->profile, r->policy.name);
}

enum status baseline_apply(struct report *r, struct arena *a, const char **problem)
{
    struct told then;
    struct against *out = arena_new(a, struct against, 1);
    struct names missing;
    enum status st = told_read(r->options->baseline, a, &then, problem);
    if (st != ST_OK)
        return st;
    names_init(&missing, a);
    *out = (struct against){.path = r->options->baseline_path, .verdict = then.verdict};
    bool verdict_worse =
        told_verdict_badness(readiness_name(r->readiness)) > told_verdict_badness(then.verdict);
    out->worse = verdict_worse;
    for (size_t i = 0; i < r->n_outcomes; i++) {
        struct outcome *o = &r->outcomes[i];
        const struct told_rule *before = told_rule(&then, o->rule->id);
        if (before == NULL)
            names_add(&missing, o->rule->id);
        out->worse |= hold(o, before, report_counts_for_exit(r, o), verdict_worse, a, out);
    }
    if (missing.n > 0)
        notes_add(&r->notes, "baseline", "it lacks these rules, so they were not compared: %s",
                  names_text(&missing));
    note_machines(r, &then, a);
    note_profiles(r, &then);
    r->against = out;
    r->exit_status = out->worse && !r->options->exit_zero ? 1 : 0;
    return ST_OK;
}
