/* SPDX-License-Identifier: MIT */
#include "fleet/sheet.h"

#include <inttypes.h>
#include <string.h>

#include "vbscheck/count.h"

enum { PLAN_STEPS = 10, MESSAGES_SHOWN = 3 };

struct sheet_section *sheet_section(struct sheet *s, const char *title, const char *const *heads,
                                    size_t n_heads)
{
    s->sections = arena_grow(s->arena, s->sections, s->n_sections, sizeof *s->sections);
    struct sheet_section *new = &s->sections[s->n_sections++];
    *new = (struct sheet_section){.title = title, .heads = heads, .n_heads = n_heads};
    return new;
}

struct sheet_row *sheet_row(struct sheet *s, const char *label)
{
    struct sheet_section *at = &s->sections[s->n_sections - 1];
    at->rows = arena_grow(s->arena, at->rows, at->n_rows, sizeof *at->rows);
    struct sheet_row *new = &at->rows[at->n_rows++];
    *new = (struct sheet_row){.label = label};
    return new;
}

static void add_line(struct arena *a, const char ***lines, size_t *n, const char *text)
{
    *lines = arena_grow(a, *lines, *n, sizeof **lines);
    (*lines)[(*n)++] = text;
}

void sheet_detail(struct sheet *s, const char *text)
{
    struct sheet_section *at = &s->sections[s->n_sections - 1];
    struct sheet_row *row = &at->rows[at->n_rows - 1];
    add_line(s->arena, &row->details, &row->n_details, text);
}

void sheet_note(struct sheet *s, const char *text)
{
    struct sheet_section *at = &s->sections[s->n_sections - 1];
    add_line(s->arena, &at->notes, &at->n_notes, text);
}

void sheet_lead(struct sheet *s, const char *text)
{
    add_line(s->arena, &s->lead, &s->n_lead, text);
}

const char *sheet_machines(uint64_t n, struct arena *a)
{
    return arena_printf(a, "%" PRIu64 " machine%s", n, n == 1 ? "" : "s");
}

/* "name (12), other (3)". */
static const char *counted_names(const struct name_set *s, struct arena *a)
{
    struct names names;
    size_t *order = name_set_order(s, a);
    names_init(&names, a);
    for (size_t i = 0; i < s->n; i++)
        names_add(&names,
                  arena_printf(a, "%s (%" PRIu64 ")", s->names[order[i]], s->counts[order[i]]));
    return names_text(&names);
}

static void lead_verdicts(struct sheet *s, const struct fleet *f)
{
    struct arena *a = s->arena;
    const uint64_t *n = f->standings;
    sheet_lead(s, arena_printf(
                      a, "%s: %" PRIu64 " ready, %" PRIu64 " not ready, %" PRIu64 " undetermined.",
                      sheet_machines(f->machines, a), n[STANDING_READY], n[STANDING_NOT_READY],
                      n[STANDING_UNDETERMINED]));
    if (f->profiles.n == 1)
        sheet_lead(s, arena_printf(a, "Judged by the profile %s.", f->profiles.names[0]));
    if (f->profiles.n > 1)
        sheet_lead(s, arena_printf(a,
                                   "The reports were made with different profiles, so their "
                                   "verdicts do not compare: %s.",
                                   counted_names(&f->profiles, a)));
    if (f->versions.n > 1)
        sheet_lead(s, arena_printf(a,
                                   "The reports were made by different versions of vbscheck: "
                                   "%s.",
                                   counted_names(&f->versions, a)));
    if (f->n_skipped > 0)
        sheet_lead(s, arena_printf(a, "%" PRIu64 " of %" PRIu64 " lines were skipped.",
                                   f->n_skipped, f->lines));
    if (f->n_duplicates > 0)
        sheet_lead(s, arena_printf(a,
                                   "%" PRIu64 " of them were second reports of a host: the first "
                                   "report counts.",
                                   f->n_duplicates));
    if (f->unnamed > 1)
        sheet_lead(s, arena_printf(a,
                                   "%s cannot be told apart from a second scan of the same "
                                   "machine: scan with --label host=NAME.",
                                   sheet_machines(f->unnamed, a)));
    if (f->hosts_full)
        sheet_lead(s, arena_printf(a,
                                   "Second reports were looked for among the first %d hosts "
                                   "only.",
                                   FLEET_HOSTS_KNOWN));
}

/* The messages of a row, most frequent first. */
static void row_details(struct sheet *s, const struct fleet *f, const size_t *order, size_t row)
{
    struct arena *a = s->arena;
    size_t shown = 0, more = 0;
    for (size_t i = 0; i < f->messages.n; i++) {
        const struct fleet_message *m = &f->message[order[i]];
        if (m->row != row)
            continue;
        if (shown++ >= MESSAGES_SHOWN) {
            more++;
            continue;
        }
        const char *rule = m->rule < f->rules.n ? f->rules.names[m->rule] : "a rule";
        sheet_detail(s, arena_printf(a, "%" PRIu64 " x %s %s%s%s%s: %s",
                                     f->messages.counts[order[i]], rule, result_name(m->result),
                                     m->why != NULL ? " (" : "", m->why != NULL ? m->why : "",
                                     m->why != NULL ? ")" : "", m->text));
    }
    if (more > 0)
        sheet_detail(s, arena_printf(a, "and %zu other reason%s", more, more == 1 ? "" : "s"));
}

static void sheet_rows(struct sheet *s, const struct fleet *f)
{
    static const char *const heads[] = {"fail", "unknown", "pass", "not applicable", "row"};
    size_t *order = name_set_order(&f->messages, s->arena);
    sheet_section(s, "Rows of the table", heads, COUNT(heads))->bars = true;
    for (size_t i = 0; i < f->rows.n; i++) {
        const uint64_t *n = f->row_results[i];
        uint64_t all = n[RESULT_FAIL] + n[RESULT_UNKNOWN] + n[RESULT_PASS] +
                       n[RESULT_NOT_APPLICABLE] + n[RESULT_NONE];
        if (all == 0)
            continue;
        const char *title = f->row_titles[i] != NULL ? f->row_titles[i] : f->rows.names[i];
        *sheet_row(s, title) = (struct sheet_row){
            .numbers = {n[RESULT_FAIL], n[RESULT_UNKNOWN], n[RESULT_PASS],
                        n[RESULT_NOT_APPLICABLE]},
            .label = title,
            .bar = {n[RESULT_FAIL], n[RESULT_UNKNOWN], n[RESULT_PASS], n[RESULT_NOT_APPLICABLE]},
        };
        row_details(s, f, order, i);
        if (n[RESULT_NONE] > 0)
            sheet_detail(s, arena_printf(s->arena,
                                         "%" PRIu64 " x not judged, since it is excused or waived",
                                         n[RESULT_NONE]));
    }
    if (f->other_messages > 0)
        sheet_note(s, arena_printf(s->arena,
                                   "%" PRIu64 " more reasons are not told apart: there "
                                   "are over %d different ones.",
                                   f->other_messages, FLEET_MESSAGES));
}

/* The evidence that most machines lack. */
static void note_evidence(struct sheet *s, const struct fleet *f)
{
    size_t shown = 0, *order = name_set_order(&f->fixes, s->arena);
    for (size_t i = 0; i < f->fixes.n && shown < 2; i++) {
        const struct fleet_fix *fix = &f->fix[order[i]];
        if (strcmp(fix->action, "evidence") != 0)
            continue;
        shown++;
        sheet_note(s, arena_printf(s->arena, "To decide more (%s): %s",
                                   sheet_machines(fix->machines, s->arena), fix->text));
    }
}

static void note_others(struct sheet *s, const struct fleet *f)
{
    const struct {
        uint64_t n;
        const char *text;
    } others[] = {
        {f->open, "Machines that need more evidence and no fix"},
        {f->hopeless, "Machines that need other hardware, and are not part of this"},
        {f->unfixable, "Machines with a rule for which their report names no fix"},
        {f->other_sets, "Machines whose sets of fixes were too many to count"},
    };
    for (size_t i = 0; i < COUNT(others); i++) {
        if (others[i].n > 0)
            sheet_note(s, arena_printf(s->arena, "%s: %" PRIu64, others[i].text, others[i].n));
    }
}

static const char how_counted[] =
    "How it is counted: a machine becomes ready when all the fixes that its own report calls "
    "needed "
    "are done. \"Ready then\" counts the machines, of %" PRIu64 " that are not ready, that need "
    "nothing beyond this fix and those above it. \"No fail then\" counts further machines: nothing "
    "fails there any more, but more evidence is needed to call them ready.";

static void sheet_fixes(struct sheet *s, const struct fleet *f)
{
    static const char *const heads[] = {"ready then", "no fail then", "need it", "fix"};
    struct fleet_step *steps;
    size_t n = fleet_plan(f, PLAN_STEPS, s->arena, &steps);
    uint64_t not_ready = f->machines - f->standings[STANDING_READY];
    if (not_ready == 0)
        return;
    struct sheet_section *section =
        sheet_section(s, "Fixes that make the most machines ready", heads, COUNT(heads));
    section->first_page = true;
    section->bars = true;
    for (size_t i = 0; i < n; i++) {
        const struct fleet_fix *fix = &f->fix[steps[i].fix];
        struct sheet_row *row = sheet_row(s, arena_printf(s->arena, "%zu. %s", i + 1, fix->text));
        row->numbers[0] = steps[i].ready;
        row->numbers[1] = steps[i].open;
        row->numbers[2] = fix->machines;
        row->bar[PART_PASS] = steps[i].ready;
        row->bar[PART_UNKNOWN] = steps[i].open;
        row->bar[PART_FAIL] = not_ready - steps[i].ready - steps[i].open;
        if (fix->alone > 0)
            sheet_detail(s, arena_printf(s->arena, "%s need%s nothing else",
                                         sheet_machines(fix->alone, s->arena),
                                         fix->alone == 1 ? "s" : ""));
        if (fix->certain < fix->machines)
            sheet_detail(s, arena_printf(s->arena, "certain to help on %" PRIu64 " of %" PRIu64,
                                         fix->certain, fix->machines));
    }
    if (n > 0)
        sheet_note(s, arena_printf(s->arena, how_counted, not_ready));
    note_others(s, f);
    note_evidence(s, f);
}

static void sheet_forecast(struct sheet *s, const struct fleet *f)
{
    static const char *const heads[] = {"yes", "no", "open", "what Windows would do"};
    if (f->forecast.n == 0)
        return;
    sheet_section(s, "Forecast", heads, COUNT(heads))->bars = true;
    for (size_t i = 0; i < f->forecast.n; i++) {
        const uint64_t *n = f->answers[i];
        *sheet_row(s, f->forecast.names[i]) = (struct sheet_row){
            .numbers = {n[ANSWERED_YES], n[ANSWERED_NO], n[ANSWERED_OPEN]},
            .label = f->forecast.names[i],
            .bar = {[PART_FAIL] = n[ANSWERED_NO],
                    [PART_UNKNOWN] = n[ANSWERED_OPEN],
                    [PART_PASS] = n[ANSWERED_YES]},
        };
    }
}

void sheet_make(const struct fleet *f, struct arena *a, struct sheet *out)
{
    *out = (struct sheet){.arena = a, .machines = f->machines};
    out->bar[PART_FAIL] = f->standings[STANDING_NOT_READY];
    out->bar[PART_UNKNOWN] = f->standings[STANDING_UNDETERMINED];
    out->bar[PART_PASS] = f->standings[STANDING_READY];
    lead_verdicts(out, f);
    if (f->machines == 0)
        return;
    sheet_rows(out, f);
    sheet_fixes(out, f);
    sheet_models(out, f);
    sheet_outliers(out, f);
    sheet_drivers(out, f);
    sheet_forecast(out, f);
}
