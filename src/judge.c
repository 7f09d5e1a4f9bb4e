/* SPDX-License-Identifier: MIT */
#include "judge.h"

#include <stdlib.h>
#include <string.h>

#include "probe/alternatives.h"
#include "vbscheck/driver.h"

/* Is the rule, or its domain (the first part of its id), selected? */
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
    probes_run_alternatives(&run);
    if (out->facts.n_findings > 1)
        qsort(out->facts.findings, out->facts.n_findings, sizeof *out->facts.findings, by_subject);
}

static void eval_rules(const struct judge_options *options, struct arena *a, struct report *out)
{
    const struct policy *p = &out->policy;
    out->outcomes = arena_new(a, struct outcome, p->n_rules);
    for (size_t i = 0; i < p->n_rules; i++) {
        if (!is_selected(p->rules[i], options->only))
            continue;
        struct outcome *o = &out->outcomes[out->n_outcomes++];
        *o = rule_eval(p->rules[i], &out->facts, a);
        o->waiver = policy_waiver(p, p->rules[i]->id);
        out->counts[o->verdict]++;
    }
}

/*
 * The required rules count for the verdict; if none of them was judged, all rules count except
 * those that only a guest's level lowered. Waived rules never count.
 */
static void mark_counting(struct report *r)
{
    bool required = report_selects_required(r);
    for (size_t i = 0; i < r->n_outcomes; i++) {
        struct outcome *o = &r->outcomes[i];
        o->counts = o->waiver == NULL && (o->level == LEVEL_REQUIRED || (!o->lowered && !required));
    }
}

/* The results of the rules that count. */
struct tally {
    bool pass, open, fail;
};

static void tally_add(struct tally *t, const struct outcome *o)
{
    t->pass |= o->verdict == V_PASS;
    t->fail |= o->verdict == V_FAIL;
    t->open |= o->verdict == V_UNKNOWN && !outcome_is_excused(o);
}

/* Fail before unknown before pass; if nothing passed, nothing is proven. */
static enum readiness tally_readiness(struct tally t)
{
    if (t.fail)
        return NOT_READY;
    return t.open || !t.pass ? UNDETERMINED : READY;
}

static enum readiness verdict_of(const struct report *r)
{
    struct tally t = {0};
    for (size_t i = 0; i < r->n_outcomes; i++) {
        if (r->outcomes[i].counts)
            tally_add(&t, &r->outcomes[i]);
    }
    return tally_readiness(t);
}

/*
 * The same for the exit status, which --fail-on may make stricter; blames the rules that fail
 * there.
 */
static enum readiness readiness_of_exit(struct report *r)
{
    struct tally t = {0};
    for (size_t i = 0; i < r->n_outcomes; i++) {
        struct outcome *o = &r->outcomes[i];
        if (!report_counts_for_exit(r, o))
            continue;
        tally_add(&t, o);
        o->blamed = o->verdict == V_FAIL;
    }
    return tally_readiness(t);
}

static void add_caveat(struct report *r, struct arena *a, const char *text)
{
    r->caveats = arena_grow(a, r->caveats, r->n_caveats, sizeof *r->caveats);
    r->caveats[r->n_caveats++] = text;
}

/* Names waived rules that do not hold, with the author, and waivers that have ended. */
static void add_waiver_caveats(struct report *r, struct arena *a)
{
    for (size_t i = 0; i < r->n_outcomes; i++) {
        const struct waiver *w = r->outcomes[i].waiver;
        enum verdict v = r->outcomes[i].verdict;
        if (w != NULL && (v == V_FAIL || v == V_UNKNOWN))
            add_caveat(r, a,
                       w->until == NULL ? arena_printf(a, "%s is waived (%s)", w->rule, w->reason)
                                        : arena_printf(a, "%s is waived until %s by %s (%s)",
                                                       w->rule, w->until, w->owner, w->reason));
    }
    for (size_t i = 0; i < r->policy.n_waivers; i++) {
        const struct waiver *w = &r->policy.waivers[i];
        if (w->expired)
            add_caveat(r, a, arena_printf(a, "the waiver of %s ended on %s", w->rule, w->until));
    }
}

static void add_policy_notes(struct report *r)
{
    for (size_t i = 0; i < r->policy.n_notes; i++)
        notes_add(&r->notes, "profile", "%s", r->policy.notes[i]);
}

/* Drivers that start only with their device, and driver files that were given and not opened. */
static void add_driver_caveats(struct report *r, struct arena *a)
{
    const struct fact *other = &r->facts.all[FACT_DRIVERS_OTHER_VIOLATIONS];
    unsigned long long n = other->st == ST_OK ? other->v.u : 0;
    if (n == 1)
        add_caveat(r, a, "1 driver on the disk would keep memory integrity off");
    else if (n > 1)
        add_caveat(r, a,
                   arena_printf(a, "%llu drivers on the disk would keep memory integrity off", n));
    if (r->facts.drivers != NULL && r->facts.drivers->incomplete)
        add_caveat(r, a, "some of the given driver files were not opened: see the notes");
}

/* Cases where the verdict is not about what it seems; for a guest, only if it is good. */
static void add_caveats(struct report *r, struct arena *a)
{
    static const struct {
        const char *text;
        bool always;
    } views[VIEW_COUNT] = {
        [VIEW_GUEST] = {"judged as a virtual machine: IOMMU, SMM and memory overwrite belong to "
                        "the host",
                        false},
        [VIEW_DOM0] = {"Xen hides part of this machine: boot without it to judge the rest", true},
        [VIEW_WSL] = {"this is WSL, not the PC itself: run msinfo32 in Windows, or boot the live "
                      "stick",
                      true},
    };
    bool ready = r->readiness == READY;
    const char *view = views[r->facts.viewpoint].text;
    if (view != NULL && (ready || views[r->facts.viewpoint].always))
        add_caveat(r, a, view);
    if (r->advice.hopeless)
        add_caveat(r, a,
                   "this machine cannot become ready: no setting or update can change its "
                   "processor");
    for (size_t i = 0; ready && i < r->n_outcomes; i++) {
        const struct outcome *o = &r->outcomes[i];
        if (o->counts && outcome_is_excused(o))
            add_caveat(r, a, o->rule->excuse.caveat);
    }
    add_driver_caveats(r, a);
    add_waiver_caveats(r, a);
}

void judge(const struct snapshot *snap, const struct judge_options *options,
           const struct libs *libs, struct arena *a, struct report *out)
{
    static const int statuses[] = {
        [READY] = EXIT_READY,
        [NOT_READY] = EXIT_NOT_READY,
        [UNDETERMINED] = EXIT_UNDETERMINED,
    };
    const char *problem = "";
    *out = (struct report){.snap = snap, .options = options};
    if (!policy_make(&options->wish, a, &out->policy, &problem)) {
        out->facts.problem = problem;
        return;
    }
    run_probes(snap, libs, a, out);
    add_policy_notes(out);
    eval_rules(options, a, out);
    mark_counting(out);
    out->readiness = verdict_of(out);
    forecast_make(&out->facts, out->outcomes, out->n_outcomes, a, &out->forecast);
    advise(&out->facts, out->outcomes, out->n_outcomes, a, &out->advice);
    add_caveats(out, a);
    out->exit_status = statuses[readiness_of_exit(out)];
    if (options->exit_zero)
        out->exit_status = EXIT_READY;
}
