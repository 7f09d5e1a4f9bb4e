/* SPDX-License-Identifier: MIT */
/* Three-valued logic over facts. */
#include <assert.h>

#include "rules/remedy.h"

enum truth { NO, MAYBE, YES };

static enum truth holds(const struct cond *c, const struct facts *f)
{
    const struct fact *fact = &f->all[c->fact];
    /* A fact known to be absent has no value that a condition could test. */
    if (fact->st == ST_ABSENT)
        return NO;
    if (fact->st != ST_OK)
        return MAYBE;
    switch (c->op) {
    case OP_TRUE:
        return fact->v.b ? YES : NO;
    case OP_FALSE:
        return fact->v.b ? NO : YES;
    case OP_EQUALS:
        return fact->v.u == c->value ? YES : NO;
    case OP_AT_LEAST:
        return fact->v.u >= c->value ? YES : NO;
    case OP_HAS_BITS:
        return (fact->v.u & c->value) == c->value ? YES : NO;
    case OP_LACKS_BITS:
        return (fact->v.u & c->value) == 0 ? YES : NO;
    case OP_NONE:
        break;
    }
    assert(c->op != OP_NONE); /* clauses end at OP_NONE */
    return NO;
}

/* Any-of: the best of its members. *decided becomes the fact that decided. */
static enum truth any_of(const struct clause *cl, const struct facts *f, enum fact_id *decided)
{
    enum truth best = NO;
    *decided = cl->any[0].fact;
    for (unsigned i = 0; i < CLAUSE_CONDS && cl->any[i].op != OP_NONE; i++) {
        enum truth t = holds(&cl->any[i], f);
        /* Of two unknowns, one with a better reason than "not in the evidence" gives the reason. */
        bool says_more = t == MAYBE && best == MAYBE && f->all[*decided].st == ST_NOT_COLLECTED &&
                         f->all[cl->any[i].fact].st != ST_NOT_COLLECTED;
        if (t > best || says_more) {
            best = t;
            *decided = cl->any[i].fact;
        }
    }
    return best;
}

/*
 * All-of: the worst clause and the fact that decided in it; NULL and YES if there are no clauses.
 */
struct all_of {
    enum truth truth;
    const struct clause *clause;
    enum fact_id decided;
};

static struct all_of all_of(const struct clause *clauses, const struct facts *f)
{
    struct all_of worst = {.truth = YES, .decided = FACT_NONE};
    for (unsigned i = 0; i < RULE_CLAUSES && clauses[i].any[0].op != OP_NONE; i++) {
        enum fact_id decided;
        enum truth t = any_of(&clauses[i], f, &decided);
        if (t < worst.truth)
            worst = (struct all_of){t, &clauses[i], decided};
    }
    return worst;
}

static void add_evidence(struct outcome *o, const struct facts *f, enum fact_id id)
{
    enum status st = f->all[id].st;
    if (st != ST_OK && id != o->decided_by)
        return;
    for (unsigned i = 0; i < o->n_evidence; i++) {
        if (o->evidence[i] == id)
            return;
    }
    if (o->n_evidence < OUTCOME_EVIDENCE)
        o->evidence[o->n_evidence++] = id;
}

static void gather_evidence(struct outcome *o, const struct facts *f)
{
    const struct rule *r = o->rule;
    if (o->decided_by != FACT_NONE)
        add_evidence(o, f, o->decided_by);
    for (unsigned i = 0; i < RULE_CLAUSES; i++) {
        for (unsigned j = 0; j < CLAUSE_CONDS && r->need[i].any[j].op != OP_NONE; j++)
            add_evidence(o, f, r->need[i].any[j].fact);
    }
    for (unsigned i = 0; i < RULE_SHOWS && r->shows[i] != FACT_NONE; i++)
        add_evidence(o, f, r->shows[i]);
}

static void advise(struct outcome *o, const struct remedy *m)
{
    o->remedy = m;
    o->fix = m != NULL ? m->text : "This version does not look at it yet.";
}

static void be_unknown(struct outcome *o, const struct facts *f, enum fact_id decided,
                       struct arena *a)
{
    const struct fact *fact = &f->all[decided];
    o->verdict = V_UNKNOWN;
    o->reason = fact->st;
    o->decided_by = decided;
    o->message =
        arena_printf(a, "Unknown: %s %s", fact_infos[decided].name, status_meaning(fact->st));
    o->beyond = fact->from.blob == NULL;
    advise(o, remedy_for_unknown(f, o->rule, decided));
}

/* A running system shows nothing that decides the rule. */
static void be_unseen(struct outcome *o)
{
    o->verdict = V_UNKNOWN;
    o->reason = ST_UNPROVABLE;
    o->message = o->rule->unseen;
    advise(o, remedy_for_unseen());
}

/* Microsoft's requirements for a virtual machine differ from those for a PC. */
static void apply_level(struct outcome *o, const struct facts *f, const struct clause *broken)
{
    const struct rule *r = o->rule;
    bool guest = f->viewpoint == VIEW_GUEST && (broken == NULL || !broken->everywhere);
    const struct fact *raise = &f->all[r->raised.when];
    bool raised = r->raised.when != FACT_NONE && raise->st == ST_OK && raise->v.b;
    o->level = raised ? r->raised.to : guest ? r->guest : r->level;
    o->lowered = o->level > r->level;
}

/* WSL shows nothing of the PC, except what a running Windows hypervisor implies. */
static void be_hidden(struct outcome *o)
{
    o->level = o->rule->level;
    o->verdict = V_UNKNOWN;
    o->reason = ST_HIDDEN;
    o->message = "Unknown: this is WSL, a virtual machine of Windows, and not the PC";
    o->decided_by = FACT_HOST_VIEWPOINT;
    o->n_evidence = 1;
    o->evidence[0] = FACT_HOST_VIEWPOINT;
    advise(o, remedy_for_hidden());
}

struct outcome rule_eval(const struct rule *r, const struct facts *f, struct arena *a)
{
    struct outcome o = {.rule = r, .reason = ST_OK, .decided_by = FACT_NONE};
    if (f->viewpoint == VIEW_WSL && !r->seen_from_wsl) {
        be_hidden(&o);
        return o;
    }
    struct all_of when = all_of(r->when, f);
    struct all_of need = all_of(r->need, f);
    if (when.truth == NO) {
        o.verdict = V_NOT_APPLICABLE;
        o.decided_by = when.decided;
        o.message = when.clause->otherwise;
        o.brief = when.clause->brief;
    } else if (when.truth == MAYBE) {
        be_unknown(&o, f, when.decided, a);
    } else if (r->unseen != NULL) {
        be_unseen(&o);
    } else if (need.truth == NO) {
        o.verdict = V_FAIL;
        o.decided_by = need.decided;
        o.cause = need.clause->cause;
        o.message = need.clause->otherwise;
        o.brief = need.clause->brief;
        advise(&o, remedy_for_failure(f, r, need.decided, o.cause));
    } else if (need.truth == MAYBE) {
        be_unknown(&o, f, need.decided, a);
    } else {
        o.verdict = V_PASS;
        o.message = r->pass;
    }
    apply_level(&o, f, o.verdict == V_FAIL ? need.clause : NULL);
    gather_evidence(&o, f);
    return o;
}
