/* SPDX-License-Identifier: MIT */
/*
 * The report for people. The first screen: the machine, the verdict, Microsoft's table, the steps.
 * Then rules that are not fine; with -v every rule and its sources.
 */
#include <string.h>

#include "report/causes.h"
#include "report/drivers.h"
#include "report/escape.h"
#include "report/fact_text.h"
#include "report/first.h"
#include "report/forecast.h"
#include "report/memory.h"
#include "report/report.h"
#include "report/table.h"
#include "report/tree.h"
#include "report/verdict.h"
#include "vbscheck/count.h"

/* The picture that -v draws below a rule. */
static void print_picture(const struct page *p, const char *rule)
{
    static const struct {
        const char *rule;
        void (*print)(const struct page *p);
    } pictures[] = {
        {"iommu.coverage", tree_print},
        {"uefi.mat", memory_print},
    };
    for (size_t i = 0; i < COUNT(pictures); i++) {
        if (strcmp(pictures[i].rule, rule) == 0)
            pictures[i].print(p);
    }
}

static void print_rule(const struct page *p, const struct outcome *o)
{
    struct arena *a = p->o->arena;
    const char *level =
        o->level == LEVEL_REQUIRED ? "" : arena_printf(a, " (%s)", level_name(o->level));
    page_mark(p, page_standing(o->verdict, o->level));
    page_wrapped(p, PAGE_INDENT, PAGE_INDENT + 2,
                 arena_printf(a, "%s%s: %s", o->rule->id, level, causes_sentence(o)));
    if (o->verdict == V_PASS)
        (void)drivers_print(p, o->rule->id);
    causes_print_evidence(p, o, OUTCOME_EVIDENCE);
    print_picture(p, o->rule->id);
    if (!causes_tell(p, o) && o->fix != NULL)
        page_paragraph(p, "do", o->fix);
}

/* For -v, in the order of the table. */
static void print_all_rules(const struct page *p)
{
    for (size_t i = 0; i < p->r->advice.n_rows; i++) {
        const struct rule_row *row = p->r->advice.rows[i].row;
        page_title(p, row->title);
        for (size_t j = 0; j < p->r->n_outcomes; j++) {
            if (strcmp(p->r->outcomes[j].rule->row, row->name) == 0)
                print_rule(p, &p->r->outcomes[j]);
        }
    }
}

/*
 * Prints notes under `title`, or under an earlier title if it is NULL. Returns false without notes.
 */
static bool print_notes(const struct page *p, bool about_boot, const char *title)
{
    bool any = false;
    for (size_t i = 0; i < p->r->notes.n; i++) {
        const struct note *n = &p->r->notes.items[i];
        if (n->about_boot != about_boot)
            continue;
        if (title != NULL)
            page_title(p, title);
        title = NULL;
        any = true;
        out_str(p->o, "  note    ");
        page_wrapped(p, PAGE_INDENT, PAGE_INDENT,
                     arena_printf(p->o->arena, "%s: %s", fact_short_blob(n->source, p->o->arena),
                                  n->message));
    }
    return any;
}

/* Sources that an ordinary user could not read. */
static void print_denied(const struct page *p)
{
    struct names names;
    names_init(&names, p->o->arena);
    const struct snapshot *s = p->r->snap;
    for (size_t i = 0; i < s->n; i++) {
        if (s->blobs[i].st == ST_NO_PERMISSION)
            names_add(&names, fact_short_blob(s->blobs[i].name, p->o->arena));
    }
    if (names.n == 0)
        return;
    out_char(p->o, '\n');
    page_wrapped(
        p, 0, PAGE_INDENT,
        arena_printf(p->o->arena, "Could not be read without root: %s", names_text(&names)));
}

static void print_details(const struct page *p)
{
    static const char boot[] = "About this boot, not about the machine";
    bool titled = false, any = false;
    if (p->r->snap->kind != SOURCE_EVIDENCE || p->r->snap->n > 1 || p->r->options->verbose ||
        drivers_are_all(p->r) || p->r->readiness == NOT_READY) {
        any = causes_print(p, false, "Details");
        titled = causes_print(p, true, boot);
    }
    any |= titled | print_notes(p, true, titled ? NULL : boot);
    if (p->r->options->verbose)
        print_all_rules(p);
    any |= print_notes(p, false, "Notes");
    forecast_print(p, any ? NULL : "Details");
    print_denied(p);
}

/* A report on driver files alone has only the drivers' own rows and steps. */
static void print_drivers(const struct page *p)
{
    first_machine(p);
    drivers_print_verdict(p);
    for (size_t i = 0, n = 0; i < p->r->n_outcomes; i++) {
        if (causes_tell(p, &p->r->outcomes[i]))
            continue;
        if (n++ == 0)
            out_char(p->o, '\n');
        (void)drivers_print(p, p->r->outcomes[i].rule->id);
    }
    print_details(p);
}

static void print_report(const struct page *p, size_t from)
{
    first_machine(p);
    first_labels(p);
    first_profile(p);
    verdict_print(p);
    verdict_print_fail_on(p);
    verdict_print_baseline(p);
    forecast_print_line(p);
    first_rows(p);
    first_fixes(p, from);
    print_details(p);
}

/* For -q. */
static void print_verdict(const struct page *p)
{
    if (drivers_are_all(p->r))
        drivers_print_verdict(p);
    else
        verdict_print(p);
    verdict_print_baseline(p);
}

bool text_is_table(const struct judge_options *options)
{
    return options->heading && !options->quiet && !options->verbose;
}

static void write_text(struct out *o, const struct report *r)
{
    struct out clean;
    size_t from = o->len;
    out_init(&clean, o->arena);
    struct page p = {o, &clean, &r->options->looks, r};
    if (text_is_table(r->options)) {
        table_line(&p);
        return;
    }
    if (r->options->heading) {
        out_str(o, "== ");
        (void)page_cut(&p, page_width(&p) - 6,
                       r->snap->path != NULL ? r->snap->path : "this machine");
        out_str(o, " ==\n");
    }
    if (r->options->quiet)
        print_verdict(&p);
    else if (drivers_are_all(r))
        print_drivers(&p);
    else
        print_report(&p, from);
    if (r->options->heading && !r->options->quiet)
        out_char(o, '\n');
}

const struct reporter reporter_text = {
    .name = "text",
    .summary = "for people, in the width of their terminal",
    .many = true,
    .write = write_text,
};
