/* SPDX-License-Identifier: MIT */
#include "judge.h"

#include <stdlib.h>
#include <string.h>

#include "probe/probe.h"

/* Is the rule, or its domain, which is the first part of its id, among those asked for? */
static bool is_selected(const struct rule *r, const char *const *only)
{
    size_t n = strcspn(r->id, ".");
    if (only == NULL)
        return true;
    for (; *only != NULL; only++) {
        if (strcmp(*only, r->id) == 0 || (strlen(*only) == n && strncmp(*only, r->id, n) == 0))
            return true;
    }
    return false;
}

static int by_subject(const void *a, const void *b)
{
    const struct finding *l = a, *r = b;
    int order = strcmp(l->rule, r->rule);
    if (order == 0)
        order = strcmp(l->subject, r->subject);
    return order != 0 ? order : strcmp(l->message, r->message);
}

static void run_probes(const struct snapshot *snap, const struct libs *libs, struct arena *a,
                       struct report *out)
{
    facts_init(&out->facts, a);
    out->notes = (struct notes){.arena = a, .most = snap->notes.n + NOTES_MAX};
    for (size_t i = 0; i < snap->notes.n; i++)
        notes_add(&out->notes, snap->notes.items[i].source, "%s", snap->notes.items[i].message);
    struct probe_run run = {
        .snap = snap,
        .libs = libs,
        .facts = &out->facts,
        .notes = &out->notes,
        .arena = a,
    };
    probes_run(&run);
    if (out->facts.n_findings > 1)
        qsort(out->facts.findings, out->facts.n_findings, sizeof *out->facts.findings, by_subject);
}

static void eval_rules(const struct judge_options *options, struct arena *a, struct report *out)
{
    const struct rule *r;
    out->outcomes = arena_new(a, struct outcome, rules_count());
    for (size_t i = 0; (r = rule_at(i)) != NULL; i++) {
        if (!is_selected(r, options->only))
            continue;
        struct outcome *o = &out->outcomes[out->n_outcomes++];
        *o = rule_eval(r, &out->facts, a);
        out->counts[o->verdict]++;
    }
}

/*
 * The worst over the rules that count: up to `level`, in the order fail, unknown, the rest. With
 * `excuse`, unknowns of recommended rules that nobody could have decided do not count.
 */
static enum readiness readiness_of(const struct report *r, enum level level, bool excuse)
{
    enum readiness worst = READY;
    for (size_t i = 0; i < r->n_outcomes; i++) {
        const struct outcome *o = &r->outcomes[i];
        bool excused = excuse && o->rule->level != LEVEL_REQUIRED &&
                       (o->reason == ST_UNPROVABLE || o->reason == ST_NOT_COLLECTED);
        if (o->rule->level > level)
            continue;
        if (o->verdict == V_FAIL)
            return NOT_READY;
        if (o->verdict == V_UNKNOWN && !excused)
            worst = UNDETERMINED;
    }
    return worst;
}

void judge(const struct snapshot *snap, const struct judge_options *options,
           const struct libs *libs, struct arena *a, struct report *out)
{
    static const int statuses[] = {
        [READY] = EXIT_READY,
        [NOT_READY] = EXIT_NOT_READY,
        [UNDETERMINED] = EXIT_UNDETERMINED,
    };
    *out = (struct report){.snap = snap, .options = options};
    run_probes(snap, libs, a, out);
    eval_rules(options, a, out);
    if (report_selects_required(out)) {
        out->readiness = readiness_of(out, LEVEL_REQUIRED, false);
        out->exit_status = statuses[readiness_of(out, options->fail_on, true)];
    } else {
        /* Nothing required was asked for, so what was asked for counts. */
        out->readiness = readiness_of(out, LEVEL_INFO, false);
        out->exit_status = statuses[out->readiness];
    }
    if (options->exit_zero)
        out->exit_status = EXIT_READY;
}
