/* SPDX-License-Identifier: MIT */
#include "report/first.h"
#include "report/html/html.h"
#include "report/html/parts.h"
#include "report/verdict.h"
#include "vbscheck/count.h"

/* Characters and lines that one sheet has room for. */
enum {
    VALUE = 110,
    DOCUMENTS = 200,
    REASON = 300,
    CAVEATS = 5,
    OF_CAVEATS = 500, /* characters, total */
    DETAIL = 64,
    STEP = 110,
    STEPS = 6,
    STEPS_BESIDE = 2,
    LINE = 180
};

static void put_term(struct out *o, const char *term, size_t most, const char *text)
{
    if (text == NULL || text[0] == '\0')
        return;
    out_printf(o, "<dt>%s</dt><dd>", term);
    html_cut(o, most, text);
    out_str(o, "</dd>\n");
}

static const char *labels_text(const struct page *p)
{
    const struct labels *l = &p->r->snap->labels;
    struct names all;
    names_init(&all, p->o->arena);
    for (size_t i = 0; i < l->n; i++)
        names_add(&all, arena_printf(p->o->arena, "%s=%s", l->items[i].key, l->items[i].value));
    return names_text(&all);
}

static const char *editions_text(const struct page *p)
{
    struct names all;
    names_init(&all, p->o->arena);
    for (size_t i = 0; i < n_editions; i++)
        names_add(&all, arena_printf(p->o->arena, "%s %s", editions[i].name, editions[i].edition));
    return names_text(&all);
}

static void put_machine(const struct page *p)
{
    struct arena *a = p->o->arena;
    const struct snapshot *s = p->r->snap;
    const char *when = s->collected_at != NULL ? s->collected_at : "time not known";
    out_str(p->o, "<dl class=\"host\">\n");
    put_term(p->o, "Machine", VALUE, first_machine_text(p));
    put_term(p->o, "Name", VALUE, report_host_key(p->r, a));
    put_term(p->o, "Labels", VALUE, labels_text(p));
    put_term(p->o, "Profile", VALUE,
             arena_printf(a, "%s: %s", p->r->policy.name, p->r->policy.goal));
    put_term(p->o, "Evidence", VALUE, arena_printf(a, "%s, %s", source_kind_name(s->kind), when));
    put_term(p->o, "Digest", VALUE, s->digest);
    put_term(p->o, "Documents", DOCUMENTS, editions_text(p));
    out_str(p->o, "</dl>\n");
}

/* Prints a limited number of paragraphs; counts the rest, which is in the details. */
static void put_caveats(const struct page *p)
{
    size_t n = p->r->n_caveats, shown = n < CAVEATS ? n : CAVEATS;
    if (n > 0)
        out_str(p->o, "<ul>\n");
    for (size_t i = 0; i < shown; i++) {
        out_str(p->o, "<li>");
        html_cut(p->o, OF_CAVEATS / shown, p->r->caveats[i]);
        out_str(p->o, "</li>\n");
    }
    if (n > CAVEATS)
        out_printf(p->o, "<li>and %zu more: see the details</li>\n", n - CAVEATS);
    if (n > 0)
        out_str(p->o, "</ul>\n");
}

static void put_baseline(const struct page *p)
{
    const struct against *b = p->r->against;
    struct arena *a = p->o->arena;
    if (b == NULL)
        return;
    out_str(p->o, "<p>");
    html_cut(p->o, LINE,
             arena_printf(a,
                          "Against the baseline: %s (verdict there %s, rules that got worse %zu)",
                          b->worse ? "worse" : "nothing got worse", b->verdict, b->n_rules));
    out_str(p->o, "</p>\n");
}

static void put_verdict(const struct page *p)
{
    static const struct {
        const char *class, *sign, *word;
    } words[] = {
        [READY] = {"pass", "\xe2\x9c\x93", "READY"},
        [NOT_READY] = {"fail", "\xe2\x9c\x97", "NOT READY"},
        [UNDETERMINED] = {"open", "?", "UNDETERMINED"},
    };
    enum readiness is = p->r->readiness;
    const char *because = verdict_because(p, REASON);
    out_printf(p->o,
               "<div class=\"verdict %s\">\n<p class=\"%s\"><strong><span aria-hidden=\"true\">%s"
               "</span> %s</strong></p>\n<p>",
               words[is].class, words[is].class, words[is].sign, words[is].word);
    out_str(p->o, is == NOT_READY ? "Rules that fail: " : "");
    html_cut(p->o, REASON, because + (because[0] == ':' ? 2 : 1));
    out_str(p->o, "</p>\n");
    put_caveats(p);
    put_baseline(p);
    out_str(p->o, "</div>\n");
}

static void put_row(struct out *o, const struct advice_row *row)
{
    out_str(o, "<tr><td>");
    html_mark(o, page_standing(row->status, row->level));
    out_str(o, "</td><th scope=\"row\">");
    html_text(o, row->row->title);
    if (row->level != LEVEL_REQUIRED)
        out_printf(o, " <span class=\"soft\">(%s)</span>", level_name(row->level));
    out_str(o, "</th><td>");
    html_cut(o, DETAIL, row->detail);
    out_str(o, "</td></tr>\n");
}

static void put_rows(const struct page *p)
{
    static const char *const heads[] = {"Status", "Requirement", "Detail"};
    const struct advice *a = &p->r->advice;
    size_t left_out = 0;
    html_heading(p->o, 2, NULL, "The table of requirements");
    html_table_begin(p->o, "Each row of Microsoft's table, and what the evidence shows", heads,
                     COUNT(heads));
    for (size_t i = 0; i < a->n_rows; i++) {
        if (first_leaves_out(p->r, &a->rows[i]))
            left_out += a->rows[i].status == V_UNKNOWN;
        else
            put_row(p->o, &a->rows[i]);
    }
    html_table_end(p->o);
    if (left_out > 0)
        out_printf(p->o, "<p>%zu other row%s: unknown, not in the evidence.</p>\n", left_out,
                   left_out == 1 ? "" : "s");
}

/* Steps from `from` on, at most `most`. */
static void put_steps(const struct page *p, const char *tag, size_t from, size_t to, size_t most)
{
    const struct advice *a = &p->r->advice;
    out_printf(p->o, "<%s>\n", tag);
    for (size_t i = from; i < to && i - from < most; i++) {
        out_str(p->o, "<li>");
        html_cut(p->o, STEP, a->fixes[i].text);
        out_str(p->o, "</li>\n");
    }
    if (to - from > most)
        out_printf(p->o, "<li>%zu more: see the details</li>\n", to - from - most);
    out_printf(p->o, "</%s>\n", tag);
}

static void put_fixes(const struct page *p)
{
    size_t n = first_needed(p->r), all = p->r->advice.n_fixes;
    html_heading(p->o, 2, NULL, n > 0 ? "What to do, in order" : "What to do");
    if (n > 0)
        put_steps(p, "ol", 0, n, STEPS);
    else
        out_printf(p->o, "<p>%s</p>\n", first_nothing_needed(p->r));
    if (all > n) {
        out_str(p->o, "<p>Not required, but worth doing:</p>\n");
        put_steps(p, "ul", n, all, STEPS_BESIDE);
    }
}

void html_summary(const struct page *p)
{
    out_str(p->o, "<section class=\"summary\" aria-labelledby=\"summary\">\n");
    html_heading(p->o, 1, "summary", "Virtualization-based security: is this machine ready?");
    put_machine(p);
    put_verdict(p);
    put_rows(p);
    put_fixes(p);
    if (p->r->forecast.told && p->r->options->only == NULL) {
        out_str(p->o, "<p>Windows: ");
        html_cut(p->o, LINE, forecast_summary(&p->r->forecast, p->o->arena));
        out_str(p->o, "</p>\n");
    }
    out_str(p->o, "<p class=\"soft\">This is the summary; <a href=\"#details\">the details</a> "
                  "follow.</p>\n</section>\n");
}
