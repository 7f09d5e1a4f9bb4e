/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "report/causes.h"
#include "report/escape.h"
#include "report/fact_text.h"
#include "report/first.h"
#include "report/html/html.h"
#include "report/html/parts.h"
#include "vbscheck/count.h"

static void put_paragraph(struct out *o, const char *label, const char *text)
{
    if (text == NULL || text[0] == '\0')
        return;
    out_printf(o, "<p>%s", label);
    html_text(o, text);
    out_str(o, "</p>\n");
}

static const char *place_of(const struct fact *f, struct arena *a)
{
    if (f->from.blob == NULL)
        return "";
    const char *blob = fact_short_blob(f->from.blob, a);
    return f->from.offset == NO_OFFSET ? blob
                                       : arena_printf(a, "%s byte %zu", blob, f->from.offset);
}

static void put_fact(const struct page *p, enum fact_id id)
{
    struct arena *a = p->o->arena;
    const char *const cells[] = {fact_infos[id].name, fact_text(&p->r->facts, id, a),
                                 place_of(&p->r->facts.all[id], a)};
    html_row(p->o, cells, COUNT(cells));
}

static const char *const fact_heads[] = {"Fact", "Value", "Read from"};

static void put_evidence(const struct page *p, const struct outcome *c)
{
    const char *caption = arena_printf(p->o->arena, "Evidence of %s", c->rule->id);
    if (c->n_evidence == 0)
        return;
    html_table_begin(p->o, caption, fact_heads, COUNT(fact_heads));
    for (unsigned i = 0; i < c->n_evidence; i++)
        put_fact(p, c->evidence[i]);
    html_table_end(p->o);
}

/* As many as a table may have rows: there can be one per driver. */
static void put_findings(const struct page *p, const struct outcome *c)
{
    size_t n = 0;
    for (size_t i = 0; i < p->r->facts.n_findings; i++) {
        const struct finding *f = &p->r->facts.findings[i];
        if (strcmp(f->rule, c->rule->id) != 0 || n++ >= HTML_ROWS_MAX)
            continue;
        out_str(p->o, n == 1 ? "<ul>\n<li>" : "<li>");
        html_text(p->o, fact_short_blob(f->subject, p->o->arena));
        out_str(p->o, ": ");
        html_text(p->o, f->message);
        out_str(p->o, "</li>\n");
    }
    out_str(p->o, n > 0 ? "</ul>\n" : "");
    html_left_out(p->o, n);
}

static void put_problem(const struct page *p, const struct outcome *c)
{
    struct arena *a = p->o->arena;
    out_str(p->o, "<section>\n<h4>");
    html_mark(p->o, page_standing(c->verdict, c->level));
    out_printf(p->o, " %s <span class=\"soft\">(%s)</span></h4>\n", c->rule->id,
               level_name(c->level));
    put_paragraph(p->o, "", arena_printf(a, "%s: %s", c->rule->title, causes_sentence(c)));
    if (c->verdict == V_UNKNOWN)
        put_paragraph(p->o, "Reason: ", status_name(c->reason));
    if (c->waiver != NULL)
        put_paragraph(p->o, "Waived: ", c->waiver->reason);
    size_t step = first_step_of(p->r, c);
    put_paragraph(p->o, step > 0 ? arena_printf(a, "Do (step %zu): ", step) : "Do: ", c->fix);
    put_findings(p, c);
    put_evidence(p, c);
    out_str(p->o, "</section>\n");
}

static void put_problems(const struct page *p, enum verdict v, const char *title)
{
    bool any = false;
    for (size_t i = 0; i < p->r->n_outcomes; i++) {
        if (p->r->outcomes[i].verdict != v)
            continue;
        if (!any)
            html_heading(p->o, 3, NULL, title);
        any = true;
        put_problem(p, &p->r->outcomes[i]);
    }
}

/* Links only to https: a page on the disk of the judging machine is useless to the reader. */
static void put_name(struct out *o, const struct rule *r)
{
    const char *url = rule_url(r, o->arena);
    bool linked = strncmp(url, "https://", 8) == 0;
    out_str(o, linked ? "<a href=\"" : "");
    escape_html(o, linked ? url : "");
    out_str(o, linked ? "\">" : "");
    escape_html(o, r->id);
    out_str(o, linked ? "</a>" : "");
}

static void put_rule(const struct page *p, const struct outcome *c)
{
    out_str(p->o, "<tr><th scope=\"row\">");
    put_name(p->o, c->rule);
    out_printf(p->o, "</th><td>%s</td><td>", level_name(c->level));
    html_mark(p->o, page_standing(c->verdict, c->level));
    out_str(p->o, "</td><td>");
    html_text(p->o, causes_sentence(c));
    out_str(p->o, "</td></tr>\n");
}

static void put_rules(const struct page *p)
{
    static const char *const heads[] = {"Rule", "Level", "Status", "Why"};
    static const char title[] = "Every rule";
    html_heading(p->o, 3, NULL, title);
    html_wide_begin(p->o, title);
    html_table_begin(p->o, "In the order of the table of requirements", heads, COUNT(heads));
    for (size_t i = 0; i < p->r->n_outcomes; i++)
        put_rule(p, &p->r->outcomes[i]);
    html_table_end(p->o);
    html_wide_end(p->o);
}

static void put_forecast(const struct page *p)
{
    static const char *const heads[] = {"Part", "Answer", "Because"};
    static const char *const words[] = {
        [ANSWER_OPEN] = "not known", [ANSWER_YES] = "yes", [ANSWER_NO] = "no"};
    const struct forecast *f = &p->r->forecast;
    if (!f->told || p->r->options->only != NULL)
        return;
    html_heading(p->o, 3, NULL, "What Windows would do");
    html_table_begin(p->o, "Windows' own decisions, which are not what the table demands", heads,
                     COUNT(heads));
    for (unsigned i = 0; i < FORECAST_COUNT; i++) {
        const struct forecast_item *item = &f->items[i];
        const char *const cells[] = {forecast_infos[i].title, words[item->is],
                                     arena_printf(p->o->arena, "%s%s", item->because,
                                                  item->inference ? " (inference)" : "")};
        html_row(p->o, cells, COUNT(cells));
    }
    html_table_end(p->o);
}

static void put_list(struct out *o, const char *title, const char *const *texts, size_t n)
{
    if (n == 0)
        return;
    html_heading(o, 3, NULL, title);
    out_str(o, "<ul>\n");
    for (size_t i = 0; i < n && i < HTML_ROWS_MAX; i++) {
        out_str(o, "<li>");
        html_text(o, texts[i]);
        out_str(o, "</li>\n");
    }
    out_str(o, "</ul>\n");
    html_left_out(o, n);
}

static void put_notes(const struct page *p)
{
    const struct notes *notes = &p->r->notes;
    const char **texts = arena_new(p->o->arena, const char *, notes->n + 1);
    for (size_t i = 0; i < notes->n; i++)
        texts[i] = arena_printf(p->o->arena, "%s: %s",
                                fact_short_blob(notes->items[i].source, p->o->arena),
                                notes->items[i].message);
    put_list(p->o, "Notes", texts, notes->n);
}

static void put_steps(const struct page *p)
{
    const struct advice *a = &p->r->advice;
    const char **texts = arena_new(p->o->arena, const char *, a->n_fixes + 1);
    for (size_t i = 0; i < a->n_fixes; i++)
        texts[i] = a->fixes[i].needed
                       ? a->fixes[i].text
                       : arena_printf(p->o->arena, "%s (not required)", a->fixes[i].text);
    put_list(p->o, "All steps, in order", texts, a->n_fixes);
}

/* Facts of the judged rules only: a run for one rule shows only that rule's sources. */
static void put_facts(const struct page *p)
{
    static const char title[] = "Facts that were read";
    bool *wanted = arena_new(p->o->arena, bool, FACT_COUNT);
    for (size_t i = 0; i < p->r->n_outcomes; i++) {
        for (unsigned j = 0; j < p->r->outcomes[i].n_evidence; j++)
            wanted[p->r->outcomes[i].evidence[j]] = true;
    }
    html_heading(p->o, 3, NULL, title);
    html_wide_begin(p->o, title);
    html_table_begin(p->o, "Facts that the rules used, where they are known", fact_heads,
                     COUNT(fact_heads));
    for (unsigned id = FACT_NONE + 1; id < FACT_COUNT; id++) {
        if (wanted[id] && p->r->facts.all[id].st == ST_OK)
            put_fact(p, (enum fact_id)id);
    }
    html_table_end(p->o);
    html_wide_end(p->o);
}

void html_details(const struct page *p)
{
    out_str(p->o, "<section aria-labelledby=\"details\">\n");
    html_heading(p->o, 2, "details", "Details");
    put_paragraph(p->o, "Machine: ", first_machine_text(p));
    put_list(p->o, "Caveats", p->r->caveats, p->r->n_caveats);
    put_steps(p);
    put_problems(p, V_FAIL, "Rules that fail");
    html_units(p);
    html_regions(p);
    put_problems(p, V_UNKNOWN, "Rules that are not decided");
    put_forecast(p);
    put_rules(p);
    put_notes(p);
    put_facts(p);
    out_str(p->o, "</section>\n");
}
