/* SPDX-License-Identifier: MIT */
#include "report/causes.h"

#include <string.h>

#include "report/drivers.h"
#include "report/fact_text.h"
#include "report/first.h"
#include "vbscheck/count.h"

/* Outcomes that share a cause: the wrong fact, or the step that decides the unknown. */
struct shared {
    const struct outcome **items;
    size_t n;
};

void causes_print_evidence(const struct page *p, const struct outcome *o, size_t most)
{
    struct arena *a = p->o->arena;
    for (unsigned i = 0, shown = 0; i < o->n_evidence && shown < most; i++) {
        enum fact_id id = o->evidence[i];
        if (id == FACT_HOST_VM && i > 0 && most < OUTCOME_EVIDENCE) /* it explains nothing here */
            continue;
        page_paragraph(p, shown++ == 0 ? "from" : "",
                       arena_printf(a, "%s = %s%s", fact_infos[id].name,
                                    fact_text(&p->r->facts, id, a),
                                    fact_source(&p->r->facts.all[id], a)));
    }
}

void causes_print_findings(const struct page *p, const struct rule *r)
{
    struct arena *a = p->o->arena;
    if (drivers_print(p, r->id))
        return;
    for (size_t i = 0; i < p->r->facts.n_findings; i++) {
        const struct finding *f = &p->r->facts.findings[i];
        if (strcmp(f->rule, r->id) == 0)
            page_paragraph(p, "what",
                           arena_printf(a, "%s: %s", fact_short_blob(f->subject, a), f->message));
    }
}

/* Outcomes for information, and those that a verdict excuses, appear only with -v. */
bool causes_tell(const struct page *p, const struct outcome *o)
{
    const struct advice *advice = &p->r->advice;
    if (o->verdict != V_FAIL && o->verdict != V_UNKNOWN)
        return false;
    if (o->waiver != NULL)
        return true;
    if (advice->hopeless && !p->r->options->verbose)
        return o->remedy != NULL && o->remedy->step == STEP_REPLACE;
    if (o->counts && !outcome_is_excused(o))
        return true;
    return o->level == LEVEL_RECOMMENDED && !outcome_is_excused(o);
}

/* Unknowns are the same if both wait for the same step; without a step, if the reasons match. */
static bool same_unknown(const struct report *r, const struct outcome *a, const struct outcome *b)
{
    size_t step = first_step_of(r, a);
    if (step != 0 || first_step_of(r, b) != 0)
        return step == first_step_of(r, b);
    return a->reason == b->reason && a->beyond == b->beyond && a->remedy == b->remedy;
}

static bool same_cause(const struct report *r, const struct outcome *a, const struct outcome *b)
{
    if (a->verdict != b->verdict)
        return false;
    if (a->verdict == V_UNKNOWN)
        return same_unknown(r, a, b);
    return a->remedy == b->remedy && a->decided_by == b->decided_by && a->level == b->level;
}

static bool one_level(const struct shared *c)
{
    for (size_t i = 1; i < c->n; i++) {
        if (c->items[i]->level != c->items[0]->level)
            return false;
    }
    return true;
}

static const char *names_of(const struct page *p, const struct shared *c)
{
    struct arena *a = p->o->arena;
    struct names names;
    enum level level = c->items[0]->level;
    bool once = one_level(c) && c->n > 1;
    names_init(&names, a);
    for (size_t i = 0; i < c->n; i++) {
        const struct outcome *o = c->items[i];
        bool alone = !once && o->level != LEVEL_REQUIRED;
        const char *name =
            alone ? arena_printf(a, "%s (%s)", o->rule->id, level_name(o->level)) : o->rule->id;
        names_add(&names, o->waiver != NULL ? arena_printf(a, "%s (waived)", name) : name);
    }
    const char *text = names_text(&names);
    return once && level != LEVEL_REQUIRED ? arena_printf(a, "%s: all %s", text, level_name(level))
                                           : text;
}

/* The facts that would decide the rules of one cause, each once. */
static void print_lacking(const struct page *p, const struct shared *c)
{
    struct names names;
    names_init(&names, p->o->arena);
    for (size_t i = 0; i < c->n; i++) {
        enum fact_id id = c->items[i]->decided_by;
        bool told = false;
        for (size_t j = 0; j < i; j++)
            told |= c->items[j]->decided_by == id;
        if (!told)
            names_add(&names, arena_printf(p->o->arena, "%s%s", fact_infos[id].name,
                                           fact_source(&p->r->facts.all[id], p->o->arena)));
    }
    page_paragraph(p, "needs", names_text(&names));
}

const char *causes_sentence(const struct outcome *o)
{
    static const char word[] = "Unknown: ";
    size_t n = strlen(word);
    return strncmp(o->message, word, n) == 0 ? o->message + n : o->message;
}

static bool one_reason(const struct shared *c)
{
    for (size_t i = 1; i < c->n; i++) {
        if (c->items[i]->reason != c->items[0]->reason)
            return false;
    }
    return true;
}

static const char *sentence(const struct page *p, const struct shared *c)
{
    const struct outcome *o = c->items[0];
    if (o->verdict == V_FAIL || c->n == 1 || o->reason == ST_HIDDEN)
        return causes_sentence(o);
    if (o->beyond)
        return arena_printf(p->o->arena, "%zu rules: this version does not judge them", c->n);
    if (!one_reason(c))
        return arena_printf(p->o->arena, "%zu rules are undecided, for several reasons", c->n);
    return arena_printf(p->o->arena, "%zu rules are undecided: %s", c->n,
                        detail_of_reason(o->reason));
}

/* The step of the first screen that helps, or other advice. */
static void print_advice(const struct page *p, const struct shared *c)
{
    const struct outcome *o = c->items[0];
    size_t step = drivers_are_all(p->r) ? 0 : first_step_of(p->r, o); /* such a report has none */
    const char *text = o->fix;
    if (step != 0 && c->n > 1 && o->verdict == V_UNKNOWN)
        text = p->r->advice.fixes[step - 1].text;
    if (text == NULL || text[0] == '\0')
        return;
    page_paragraph(p, "do",
                   step == 0 ? text : arena_printf(p->o->arena, "step %zu: %s", step, text));
}

static void print_cause(const struct page *p, const struct shared *c)
{
    enum { SHOWN = 3, ALL = OUTCOME_EVIDENCE };
    const struct outcome *o = c->items[0];
    page_mark(p, page_standing(o->verdict, o->level));
    page_wrapped(p, PAGE_INDENT, PAGE_INDENT, sentence(p, c));
    page_paragraph(p, c->n == 1 ? "rule" : "rules", names_of(p, c));
    for (size_t i = 0; i < c->n; i++)
        causes_print_findings(p, c->items[i]->rule);
    if (o->verdict == V_UNKNOWN && !o->beyond)
        print_lacking(p, c);
    else if (o->verdict == V_FAIL)
        causes_print_evidence(p, o, p->r->options->verbose ? ALL : SHOWN);
    print_advice(p, c);
}

/* Collects outcomes with the cause of `o`; nothing if an earlier outcome had that cause. */
static void gather(const struct page *p, const struct outcome *o, struct shared *c)
{
    c->n = 0;
    for (size_t i = 0; i < p->r->n_outcomes; i++) {
        const struct outcome *other = &p->r->outcomes[i];
        if (!causes_tell(p, other) || !same_cause(p->r, o, other))
            continue;
        if (other < o)
            return;
        c->items[c->n++] = other;
    }
}

static bool is_about_boot(const struct outcome *o)
{
    for (size_t i = 0; i < n_rule_rows; i++) {
        if (strcmp(rule_rows[i].name, o->rule->row) == 0)
            return rule_rows[i].about_boot;
    }
    return false;
}

bool causes_print(const struct page *p, bool about_boot, const char *title)
{
    static const enum standing_of order[] = {IS_FAIL, IS_UNKNOWN, IS_WEAK, IS_INFO};
    struct shared c = {arena_new(p->o->arena, const struct outcome *, p->r->n_outcomes), 0};
    bool any = false;
    for (size_t s = 0; s < COUNT(order); s++) {
        for (size_t i = 0; i < p->r->n_outcomes; i++) {
            const struct outcome *o = &p->r->outcomes[i];
            if (!causes_tell(p, o) || page_standing(o->verdict, o->level) != order[s] ||
                is_about_boot(o) != about_boot)
                continue;
            gather(p, o, &c);
            if (c.n == 0)
                continue;
            if (!any)
                page_title(p, title);
            any = true;
            print_cause(p, &c);
        }
    }
    return any;
}
