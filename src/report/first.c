/* SPDX-License-Identifier: MIT */
#include "report/first.h"

#include <string.h>

#include "report/drivers.h"
#include "vbscheck/count.h"

/* Lines of a terminal, without the prompt's line. */
enum { SCREEN = 23, TITLE_WIDTH = 24 };

/* The machine ------------------------------------------------------------------------------ */

static const char *known(const struct report *r, enum fact_id id)
{
    const struct fact *f = &r->facts.all[id];
    return f->st == ST_OK ? f->v.text : "";
}

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

/* "HP" before "HP EliteBook" adds nothing, nor does "LENOVO" before "Lenovo G580". */
static bool begins_with(const char *text, const char *word)
{
    size_t n = 0;
    while (word[n] != '\0' && small(word[n]) == small(text[n]))
        n++;
    return word[n] == '\0' && (text[n] == ' ' || text[n] == '\0');
}

/* The hypervisor, if the machine runs on one. */
static const char *where_it_runs(const struct page *p, bool alone)
{
    const char *name = known(p->r, FACT_HOST_HYPERVISOR);
    const char *platform = known(p->r, FACT_VM_PLATFORM);
    const char *comma = alone ? "" : ", ";
    if (name[0] == '\0' || strcmp(name, "none") == 0)
        return "";
    if (strcmp(name, "unknown") == 0)
        return platform[0] == '\0' ? arena_printf(p->o->arena, "%sa virtual machine", comma)
                                   : arena_printf(p->o->arena, "%son %s", comma, platform);
    if (platform[0] != '\0' && !span_find(span_of(platform), name, NULL))
        return arena_printf(p->o->arena, "%son %s (%s)", comma, platform, name);
    return arena_printf(p->o->arena, "%son %s", comma, name);
}

/*
 * The machine's names, as far as they are known. Firmware chose the words: they follow a label and
 * never start a line, where verdicts are.
 */
const char *first_machine_text(const struct page *p)
{
    static const struct {
        enum fact_id id;
        const char *before;
    } more[] = {
        {FACT_HOST_FIRMWARE_VERSION, ", firmware "},
        {FACT_HOST_FIRMWARE_DATE, " of "},
        {FACT_HOST_KERNEL, ", Linux "},
    };
    const char *vendor = known(p->r, FACT_HOST_VENDOR), *name = known(p->r, FACT_HOST_PRODUCT);
    struct out o;
    out_init(&o, p->o->arena);
    if (!begins_with(name, vendor))
        out_printf(&o, "%s%s", vendor, name[0] != '\0' ? " " : "");
    out_str(&o, name);
    for (size_t i = 0; i < COUNT(more); i++) {
        const char *text = known(p->r, more[i].id);
        if (text[0] != '\0')
            out_printf(&o, "%s%s", more[i].before + (o.len == 0 ? 2 : 0), text);
    }
    out_str(&o, where_it_runs(p, o.len == 0));
    return o.len > 0 ? arena_text(p->o->arena, out_span(&o)) : "not named by the evidence";
}

void first_machine(const struct page *p)
{
    static const char machine[] = "Machine: ", files[] = "Driver files: ";
    bool drivers = drivers_are_all(p->r);
    const char *label = drivers ? files : machine;
    const char *text = drivers ? p->r->snap->path : first_machine_text(p);
    size_t room = page_width(p) - strlen(label);
    out_str(p->o, label);
    if (page_columns(p, text) > 2 * room - TITLE_WIDTH) { /* minus the width lost to line breaks */
        (void)page_cut(p, room, text);
        out_char(p->o, '\n');
    } else {
        page_wrapped(p, strlen(label), strlen(label), text);
    }
}

void first_labels(const struct page *p)
{
    static const char title[] = "Labels:  "; /* in the column of the machine's name */
    const struct labels *l = &p->r->snap->labels;
    struct names all;
    names_init(&all, p->o->arena);
    for (size_t i = 0; i < l->n; i++)
        names_add(&all, arena_printf(p->o->arena, "%s=%s", l->items[i].key, l->items[i].value));
    if (all.n == 0)
        return;
    out_str(p->o, title);
    if (p->r->options->verbose) {
        page_wrapped(p, sizeof title - 1, sizeof title - 1, names_text(&all));
    } else {
        (void)page_cut(p, page_width(p) - (sizeof title - 1), names_text(&all));
        out_char(p->o, '\n');
    }
}

static void print_required(const struct page *p)
{
    static const char title[] = "Required: ";
    struct names all;
    names_init(&all, p->o->arena);
    for (size_t i = 0; i < p->r->policy.n_required; i++)
        names_add(&all, p->r->policy.required[i]);
    if (all.n == 0)
        return;
    out_str(p->o, title);
    page_wrapped(p, sizeof title - 1, sizeof title - 1, names_text(&all));
}

/* One line each, whether or not the rule passes: a waiver is never silent. */
static void print_waived(const struct page *p)
{
    static const char title[] = "Waived:  ";
    for (size_t i = 0; i < p->r->policy.n_waivers; i++) {
        const struct waiver *w = &p->r->policy.waivers[i];
        const char *text = arena_printf(p->o->arena, "%s: %s", w->rule, w->reason);
        if (w->expired)
            continue;
        if (w->until != NULL)
            text = arena_printf(p->o->arena, "%s (until %s, %s)", text, w->until, w->owner);
        out_str(p->o, title);
        page_wrapped(p, sizeof title - 1, sizeof title - 1, text);
    }
}

/* The profile that was judged, if it is not the default. */
void first_profile(const struct page *p)
{
    static const char title[] = "Profile: "; /* in the column of the machine's name */
    const struct policy *w = &p->r->policy;
    const char *text = w->name;
    if (w->plain)
        return;
    if (w->file != NULL)
        text = arena_printf(p->o->arena, "%s (%s)", text, w->file);
    if (w->page != NULL)
        text = arena_printf(p->o->arena, "%s: %s%s%s", text, w->page, w->date != NULL ? ", " : "",
                            w->date != NULL ? w->date : "");
    out_str(p->o, title);
    page_wrapped(p, sizeof title - 1, sizeof title - 1, text);
    print_required(p);
    print_waived(p);
}

/* Rows ------------------------------------------------------------------------------------- */

/* True for guest rows on metal, and for rows that a single loose table does not cover. */
bool first_leaves_out(const struct report *r, const struct advice_row *row)
{
    if (row->status == V_NOT_APPLICABLE && strcmp(row->row->name, "vm") == 0)
        return true;
    if (r->snap->kind != SOURCE_EVIDENCE || r->snap->n > 1 || row->status != V_UNKNOWN)
        return false;
    for (size_t i = 0; i < r->n_outcomes; i++) {
        const struct outcome *o = &r->outcomes[i];
        if (strcmp(o->rule->row, row->row->name) == 0 && o->reason != ST_NOT_COLLECTED &&
            o->verdict != V_NOT_APPLICABLE)
            return false;
    }
    return true;
}

static void print_row(const struct page *p, const struct advice_row *row)
{
    page_mark(p, page_standing(row->status, row->level));
    size_t n = page_cut(p, TITLE_WIDTH - 1, row->row->title);
    page_indent(p, TITLE_WIDTH - n);
    (void)page_cut(p, page_width(p) - PAGE_INDENT - TITLE_WIDTH, row->detail);
    out_char(p->o, '\n');
}

void first_rows(const struct page *p)
{
    size_t left_out = 0;
    out_char(p->o, '\n');
    for (size_t i = 0; i < p->r->advice.n_rows; i++) {
        const struct advice_row *row = &p->r->advice.rows[i];
        if (first_leaves_out(p->r, row))
            left_out += row->status == V_UNKNOWN;
        else
            print_row(p, row);
    }
    if (left_out > 0) {
        page_mark(p, IS_UNKNOWN);
        out_printf(p->o, "%zu other row%s: not in the evidence\n", left_out,
                   left_out == 1 ? "" : "s");
    }
}

/* Steps ------------------------------------------------------------------------------------ */

static size_t lines_since(const struct page *p, size_t from)
{
    size_t n = 0;
    for (size_t i = from; i < p->o->len; i++)
        n += p->o->buf[i] == '\n';
    return n;
}

/* "(2 rows)": evidence settles rules, since a row may need several kinds; other steps rows. */
static const char *what_it_settles(const struct page *p, const struct fix *f)
{
    bool rules = step_infos[f->step].action == ACTION_EVIDENCE;
    size_t n = rules ? f->n_rules : f->n_rows;
    return arena_printf(p->o->arena, " (%zu %s%s)", n, rules ? "rule" : "row", n == 1 ? "" : "s");
}

static void print_fix(const struct page *p, const char *number, const struct fix *f)
{
    const char *settles = what_it_settles(p, f);
    size_t at = 4 + strlen(number);
    out_printf(p->o, "  %s  ", number);
    (void)page_cut(p, page_width(p) - at - strlen(settles), f->text);
    out_str(p->o, settles);
    out_char(p->o, '\n');
}

size_t first_needed(const struct report *r)
{
    size_t n = 0;
    while (n < r->advice.n_fixes && r->advice.fixes[n].needed)
        n++;
    return n;
}

/* True if several of the steps ask for evidence that one capture holds. */
static bool one_capture_would_do(const struct advice *a, size_t n)
{
    size_t kinds = 0;
    for (size_t i = 0; i < n; i++) {
        enum step s = step_infos[a->fixes[i].step].within;
        while (s != STEP_NONE && s != STEP_CAPTURE)
            s = step_infos[s].within;
        kinds += s == STEP_CAPTURE;
    }
    return kinds > 1;
}

const char *first_nothing_needed(const struct report *r)
{
    static const char *const words[] = {
        [READY] = "Nothing needs to be done.",
        [NOT_READY] = "No step is known that makes it ready.",
        [UNDETERMINED] = "No step is known that decides more.",
    };
    return words[r->readiness];
}

static void print_remark(const struct page *p, const char *text)
{
    enum { AT = 5 };
    page_indent(p, AT);
    (void)page_cut(p, page_width(p) - AT, text);
    out_char(p->o, '\n');
}

static void print_steps(const struct page *p, size_t n, size_t most)
{
    const struct advice *a = &p->r->advice;
    for (size_t i = 0; i < n && i < most; i++)
        print_fix(p, arena_printf(p->o->arena, "%zu", i + 1), &a->fixes[i]);
    if (n > most)
        print_remark(p, arena_printf(p->o->arena, "and %zu more: see below", n - most));
    if (one_capture_would_do(a, n))
        print_remark(p, "or replace these steps by one: run vbscheck capture as root on the "
                        "machine");
    if (a->hopeless && a->beside > 0)
        print_remark(p,
                     arena_printf(p->o->arena, "%zu other rules fail or are unknown: -v lists them",
                                  a->beside));
}

static void print_others(const struct page *p, size_t first, size_t most)
{
    const struct advice *a = &p->r->advice;
    if (first == a->n_fixes || most < 2)
        return;
    page_colored(p, "1", "Not required, but worth doing");
    out_char(p->o, '\n');
    for (size_t i = first; i < a->n_fixes && i - first < most - 1; i++)
        print_fix(p, "-", &a->fixes[i]);
}

void first_fixes(const struct page *p, size_t from)
{
    enum { FEWEST = 4, ALL = 1000 };
    size_t n = first_needed(p->r);
    page_title(p, n > 0 ? "What to do, in order" : "What to do");
    size_t used = lines_since(p, from), room = used < SCREEN ? SCREEN - used : 0;
    if (p->r->options->verbose)
        room = ALL;
    if (n == 0)
        out_printf(p->o, "  %s\n", first_nothing_needed(p->r));
    size_t least = room < FEWEST ? FEWEST : room;
    size_t extra = one_capture_would_do(&p->r->advice, n);
    print_steps(p, n, n + extra <= least ? n : least - 1 - extra);
    used = lines_since(p, from);
    if (!p->r->options->verbose)
        room = used < SCREEN ? SCREEN - used : 0;
    print_others(p, n, room);
}

size_t first_step_of(const struct report *r, const struct outcome *o)
{
    for (size_t i = 0; i < first_needed(r); i++) {
        const struct fix *f = &r->advice.fixes[i];
        for (size_t j = 0; j < f->n_rules; j++) {
            if (f->rules[j] == o->rule->id)
                return i + 1;
        }
    }
    return 0;
}
