/* SPDX-License-Identifier: MIT */
/*
 * The page that people reach from a ticket: docs/rules/ in words, and from the tables what decides
 * and what to do.
 */
#include <string.h>

#include "cli/pages.h"
#include "cli/profile/mistaken_rule.h"
#include "cli/trouble.h"
#include "cli/verb.h"
#include "collect/collect.h"
#include "judge.h"
#include "probe/probe.h"
#include "rules/remedy.h"
#include "vbscheck/count.h"

enum { LEFT = 2, TEXT = 4, MACHINES = 4 };

static const char *row_title(const char *name)
{
    for (size_t i = 0; i < n_rule_rows; i++) {
        if (strcmp(rule_rows[i].name, name) == 0)
            return rule_rows[i].title;
    }
    return name;
}

/* For a rule that the default profile does not judge: the profiles that do. */
static void put_profiles(struct out *o, const struct rule *r)
{
    const char *between = "";
    for (size_t i = 0; i < n_profiles; i++) {
        struct profile_row levels = profile_levels(profiles[i], r);
        if (levels.level == LEVEL_LEFT_OUT)
            continue;
        out_printf(o, "%s%s in the profile %s", between, level_name(levels.level),
                   profiles[i]->name);
        between = ", ";
    }
}

static void put_head(struct out *o, const struct rule *r)
{
    out_printf(o, "%s: %s\n\nRow:    %s\nLevel:  ", r->id, r->title, row_title(r->row));
    if (r->level == LEVEL_LEFT_OUT)
        put_profiles(o, r);
    else
        out_str(o, level_name(r->level));
    if (r->guest != r->level)
        out_printf(o, " (in a virtual machine: %s)", level_name(r->guest));
    out_char(o, '\n');
    if (r->excuse.caveat != NULL)
        out_printf(o, "        (unknown for the reason %s it keeps no verdict open)\n",
                   status_name(r->excuse.reason));
    out_printf(o, "Page:   %s\n", rule_url(r, o->arena));
}

static void put_section(struct out *o, const struct rule *r, const char *title, const char *heading)
{
    out_printf(o, "\n%s\n", title);
    page_markdown(o, LEFT, page_section(r->id, heading));
}

/* How it is read --------------------------------------------------------------------------- */

static void add_fact(enum fact_id used[FACT_COUNT], size_t *n, enum fact_id id)
{
    for (size_t i = 0; i < *n; i++) {
        if (used[i] == id)
            return;
    }
    used[(*n)++] = id;
}

static void add_facts(enum fact_id used[FACT_COUNT], size_t *n,
                      const struct clause clauses[RULE_CLAUSES])
{
    for (unsigned i = 0; i < RULE_CLAUSES; i++) {
        for (unsigned j = 0; j < CLAUSE_CONDS && clauses[i].any[j].op != OP_NONE; j++)
            add_fact(used, n, clauses[i].any[j].fact);
    }
}

/* Facts in the order of the rule's row. */
static size_t facts_of(const struct rule *r, enum fact_id used[FACT_COUNT])
{
    size_t n = 0;
    add_facts(used, &n, r->when);
    add_facts(used, &n, r->need);
    for (unsigned i = 0; i < RULE_SHOWS && r->shows[i] != FACT_NONE; i++)
        add_fact(used, &n, r->shows[i]);
    return n;
}

static const struct probe *giver_of(enum fact_id id)
{
    for (size_t i = 0; i < n_probes; i++) {
        for (const enum fact_id *g = probes[i]->gives; *g != FACT_NONE; g++) {
            if (*g == id)
                return probes[i];
        }
    }
    return NULL;
}

static bool is_of_source(const char *want, const struct source *s)
{
    size_t n = strlen(s->prefix), m = strlen(want);
    return strncmp(want, s->prefix, n < m ? n : m) == 0;
}

/* Every rule needs the facts about the whole machine (host.*): their sources are not listed. */
static bool is_read_by(const struct source *s, const enum fact_id *used, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct probe *p = giver_of(used[i]);
        if (p == NULL || strncmp(fact_infos[used[i]].name, "host.", 5) == 0)
            continue;
        for (const char *const *w = p->wants; *w != NULL; w++) {
            if (is_of_source(*w, s))
                return true;
        }
    }
    return false;
}

static void put_reading(struct out *o, const struct rule *r)
{
    enum fact_id used[FACT_COUNT];
    size_t n = facts_of(r, used);
    out_str(o, "\nHow it is read\n");
    for (size_t i = 0; i < n; i++) {
        out_printf(o, "  %s: ", fact_infos[used[i]].name);
        page_text(o, 4 + strlen(fact_infos[used[i]].name), TEXT, fact_infos[used[i]].summary);
    }
    out_str(o, "  from\n");
    size_t before = o->len;
    for (size_t i = 0; i < n_sources; i++) {
        if (!is_read_by(sources[i], used, n))
            continue;
        out_str(o, "  - ");
        page_text(o, TEXT, TEXT,
                  arena_printf(o->arena, "%s; needs %s", sources[i]->summary, sources[i]->needs));
    }
    if (o->len == before)
        out_str(o, "  - Files named on the command line; needs nothing\n");
}

/* Results ---------------------------------------------------------------------------------- */

static const char *const op_words[] = {
    [OP_NONE] = "",
    [OP_TRUE] = " is true",
    [OP_FALSE] = " is false",
    [OP_EQUALS] = " is ",
    [OP_AT_LEAST] = " is at least ",
    [OP_HAS_BITS] = " has all bits of ",
    [OP_LACKS_BITS] = " has no bit of ",
};

static const char *clause_text(const struct clause *cl, struct arena *a)
{
    struct out o;
    out_init(&o, a);
    out_str(&o, "unless ");
    for (unsigned i = 0; i < CLAUSE_CONDS && cl->any[i].op != OP_NONE; i++) {
        const struct cond *c = &cl->any[i];
        bool bits = c->op == OP_HAS_BITS || c->op == OP_LACKS_BITS;
        out_printf(&o, "%s%s%s", i > 0 ? " or " : "", fact_infos[c->fact].name, op_words[c->op]);
        if (c->op >= OP_EQUALS)
            out_printf(&o, bits ? "0x%llx" : "%llu", (unsigned long long)c->value);
    }
    out_printf(&o, ": %s", cl->otherwise);
    return arena_text(a, out_span(&o));
}

static void put_clauses(struct out *o, const char *result, const struct clause *clauses)
{
    if (clauses[0].any[0].op != OP_NONE)
        out_printf(o, "  %s\n", result);
    for (unsigned i = 0; i < RULE_CLAUSES && clauses[i].any[0].op != OP_NONE; i++) {
        out_str(o, "  - ");
        page_text(o, TEXT, TEXT, clause_text(&clauses[i], o->arena));
    }
}

static void put_results(struct out *o, const struct rule *r)
{
    out_str(o, "\nResults\n");
    put_clauses(o, "not-applicable", r->when);
    put_clauses(o, "fail", r->need);
    out_str(o, "  pass\n  - ");
    page_text(o, TEXT, TEXT, r->pass);
    out_str(o, "  unknown\n");
    page_markdown(o, LEFT, page_section(r->id, "If it is unknown"));
}

/* What to do ------------------------------------------------------------------------------- */

/* Kinds of machines that have different remedies. */
static const struct {
    const char *name;
    unsigned situation;
} machines[MACHINES] = {
    {"Intel", SIT_SCAN | SIT_METAL | SIT_INTEL},
    {"AMD", SIT_SCAN | SIT_METAL | SIT_AMD},
    {"Arm", SIT_SCAN | SIT_METAL | SIT_ARM},
    {"virtual machine", SIT_SCAN | SIT_GUEST},
};

/* "Intel, AMD: ..."; machines with the same text share a line. */
static void put_remedies(struct out *o, const char *const texts[MACHINES])
{
    for (size_t i = 0; i < MACHINES; i++) {
        const char *names = NULL;
        size_t alike = 0;
        bool told = false;
        for (size_t j = 0; j < MACHINES; j++) {
            if (strcmp(texts[j], texts[i]) != 0)
                continue;
            told |= j < i;
            names = names == NULL ? machines[j].name
                                  : arena_printf(o->arena, "%s, %s", names, machines[j].name);
            alike++;
        }
        if (told)
            continue;
        out_str(o, "  - ");
        page_text(o, TEXT, TEXT,
                  alike == MACHINES ? texts[i] : arena_printf(o->arena, "%s: %s", names, texts[i]));
    }
}

static void remedies_of(const struct rule *r, const struct clause *cl, const char *texts[MACHINES])
{
    for (size_t i = 0; i < MACHINES; i++) {
        struct facts f = {.situation = machines[i].situation};
        const struct remedy *m = remedy_for_failure(&f, r, cl->any[0].fact, cl->cause);
        texts[i] = m != NULL ? m->text : "Nothing that this program knows.";
    }
}

static bool is_clause(const struct rule *r, unsigned i)
{
    return i < RULE_CLAUSES && r->need[i].any[0].op != OP_NONE;
}

/* Consecutive clauses with the same remedies share them. */
static void put_what_to_do(struct out *o, const struct rule *r)
{
    const char *texts[MACHINES], *next[MACHINES] = {NULL};
    out_str(o, "\nWhat to do\n");
    for (unsigned i = 0; is_clause(r, i); i++) {
        remedies_of(r, &r->need[i], texts);
        out_str(o, "  ");
        page_text(o, LEFT, LEFT, r->need[i].otherwise);
        if (is_clause(r, i + 1))
            remedies_of(r, &r->need[i + 1], next);
        if (!is_clause(r, i + 1) || memcmp(texts, next, sizeof texts) != 0)
            put_remedies(o, texts);
    }
}

/* Remedies of machines with a known maker or operator: the rows that have a text of their own. */
static void put_own_remedies(struct out *o, const struct rule *r)
{
    const struct remedy *m;
    bool any = false;
    for (size_t i = 0; (m = remedy_at(i)) != NULL; i++) {
        const char *who = m->maker != MAKER_ANY ? maker_name(m->maker) : platform_name(m->platform);
        if (who[0] == '\0' || m->rule == NULL || strncmp(r->id, m->rule, strlen(m->rule)) != 0)
            continue;
        if (!any)
            out_str(o, "\nBy who made the machine, or runs it\n");
        any = true;
        const char *cpu = (m->when & SIT_INTEL) != 0 ? ", Intel"
                          : (m->when & SIT_AMD) != 0 ? ", AMD"
                                                     : "";
        out_str(o, "  - ");
        page_text(o, TEXT, TEXT,
                  arena_printf(o->arena, "%s%s: %s (from: %s)", who, cpu, m->text, m->source));
    }
}

static int run(const struct config *c, struct arena *a)
{
    struct out o;
    const struct rule *r = rule_find(c->args[0]);
    if (r == NULL)
        return trouble(a, "%s", mistake_rule(a, c->args[0]));
    out_init(&o, a);
    put_head(&o, r);
    put_section(&o, r, "What is checked", "What is checked");
    put_section(&o, r, "Why it matters", "Why it matters");
    put_reading(&o, r);
    put_results(&o, r);
    put_section(&o, r, "If it fails", "If it fails");
    put_what_to_do(&o, r);
    put_own_remedies(&o, r);
    put_section(&o, r, "References", "References");
    return put_document(&o, a);
}

const struct verb verb_explain = {
    .name = "explain",
    .synopsis = "RULE",
    .summary = "what a rule checks, why, how, and what to do about each result",
    .exit_statuses = "0 done, 2 trouble",
    .examples = "  vbscheck explain smm.wsmt\n  vbscheck explain iommu.coverage | less\n",
    .min_args = 1,
    .max_args = 1,
    .args_problem = "explain needs the name of one rule; see 'vbscheck list'",
    .run = run,
};
