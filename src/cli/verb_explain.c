/* SPDX-License-Identifier: MIT */
/* What a rule checks, why, and what to do: the essentials of docs/rules/, from the table. */
#include <string.h>

#include "cli/suggest.h"
#include "cli/trouble.h"
#include "cli/verb.h"
#include "judge.h"
#include "report/page.h"
#include "rules/remedy.h"

static const char *row_title(const char *name)
{
    for (size_t i = 0; i < n_rule_rows; i++) {
        if (strcmp(rule_rows[i].name, name) == 0)
            return rule_rows[i].title;
    }
    return name;
}

static const char *const op_words[] = {
    [OP_NONE] = "",
    [OP_TRUE] = " is true",
    [OP_FALSE] = " is false",
    [OP_EQUALS] = " is ",
    [OP_AT_LEAST] = " is at least ",
    [OP_HAS_BITS] = " has all bits of ",
    [OP_LACKS_BITS] = " has no bit of ",
};

static void print_text(struct out *o, size_t left, const char *text)
{
    struct out clean;
    out_init(&clean, o->arena);
    struct page p = {.o = o, .clean = &clean};
    page_indent(&p, left);
    page_wrapped(&p, left, left, text);
}

static void print_clause(struct out *o, const struct clause *cl, const char *then)
{
    out_str(o, "  - ");
    for (unsigned i = 0; i < CLAUSE_CONDS && cl->any[i].op != OP_NONE; i++) {
        const struct cond *c = &cl->any[i];
        out_printf(o, "%s%s%s", i > 0 ? " or " : "", fact_infos[c->fact].name, op_words[c->op]);
        if (c->op >= OP_EQUALS)
            out_uint(o, c->value);
    }
    out_char(o, '\n');
    print_text(o, 4, arena_printf(o->arena, "%s: %s", then, cl->otherwise));
}

static void print_clauses(struct out *o, const char *title, const struct clause *clauses,
                          const char *then)
{
    if (clauses[0].any[0].op == OP_NONE)
        return;
    out_printf(o, "\n%s\n", title);
    for (unsigned i = 0; i < RULE_CLAUSES && clauses[i].any[0].op != OP_NONE; i++)
        print_clause(o, &clauses[i], then);
}

static void print_shows(struct out *o, const struct rule *r)
{
    if (r->shows[0] == FACT_NONE)
        return;
    out_str(o, "\nIt also shows\n");
    for (unsigned i = 0; i < RULE_SHOWS && r->shows[i] != FACT_NONE; i++)
        out_printf(o, "  - %s\n", fact_infos[r->shows[i]].name);
}

/* What is done about a failure, on which machines. */
static void print_remedies(struct out *o, const struct rule *r)
{
    const struct remedy *m;
    bool first = true;
    out_str(o, "\nIf it fails\n");
    for (size_t at = 0; (m = remedy_next(r, &at)) != NULL; first = false) {
        const char *when = remedy_condition(m, o->arena);
        if (when[0] == '\0' && !first)
            when = "else";
        print_text(o, 2,
                   arena_printf(o->arena, "%s%s%s", when, when[0] != '\0' ? ": " : "", m->text));
    }
}

static int run(const struct config *c, struct arena *a)
{
    struct out o;
    const struct rule *r = rule_find(c->args[0]);
    if (r == NULL)
        return trouble(
            a, "%s",
            suggest_in(a, arena_printf(a, "'%s' is not a rule; see 'vbscheck list'", c->args[0]),
                       c->args[0], rule_name));
    out_init(&o, a);
    out_printf(&o, "%s: %s\n\nRow:    %s\nLevel:  %s", r->id, r->title, row_title(r->row),
               level_name(r->level));
    if (r->guest != r->level)
        out_printf(&o, " (in a virtual machine: %s)", level_name(r->guest));
    out_char(&o, '\n');
    if (r->excuse.caveat != NULL)
        out_printf(&o, "        (unknown for the reason %s it keeps no verdict open)\n",
                   status_name(r->excuse.reason));
    print_clauses(&o, "It applies if", r->when, "else not applicable");
    print_clauses(&o, "It holds if", r->need, "else fail");
    print_shows(&o, r);
    print_remedies(&o, r);
    out_str(&o, "\nIf it is unknown\n");
    print_text(&o, 2, "The report names the reason and what makes it decidable.");
    out_str(&o, "\nReference\n");
    print_text(&o, 2, r->reference);
    return put_document(&o, a);
}

const struct verb verb_explain = {
    .name = "explain",
    .synopsis = "RULE",
    .summary = "what a rule checks, why, and what to do",
    .exit_statuses = "0 done, 2 trouble",
    .min_args = 1,
    .max_args = 1,
    .args_problem = "explain needs the name of a rule; see 'vbscheck list'",
    .run = run,
};
