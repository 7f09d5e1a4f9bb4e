/* SPDX-License-Identifier: MIT */
/* The report for people: rows of Microsoft's table, the worst first, in 80 columns. */
#include <string.h>

#include "report/drivers.h"
#include "report/escape.h"
#include "report/memory.h"
#include "report/page.h"
#include "report/report.h"
#include "report/tree.h"
#include "report/verdict.h"
#include "vbscheck/count.h"

static const struct mark {
    const char *word;
    const char *color; /* ECMA-48 SGR */
} marks[V_COUNT] = {
    [V_PASS] = {"pass", "32"},
    [V_FAIL] = {"FAIL", "1;31"},
    [V_UNKNOWN] = {"?", "33"},
    [V_NOT_APPLICABLE] = {"n/a", "2"},
};

static const char *value_text(const struct page *p, enum fact_id id)
{
    const struct fact *f = &p->r->facts.all[id];
    if (f->st != ST_OK)
        return status_name(f->st);
    if (fact_infos[id].type == FACT_BOOL)
        return f->v.b ? "yes" : "no";
    if (fact_infos[id].type == FACT_UINT)
        return arena_printf(p->o->arena, "%llu", (unsigned long long)f->v.u);
    return f->v.text;
}

/* "efivar/SecureBoot-8be4df61-…" without its GUID: people know the variable by its name. */
static const char *short_blob(const struct page *p, const char *name)
{
    enum { GUID = 36 };
    size_t n = strlen(name);
    if (strncmp(name, "efivar/", 7) != 0 || n < 7 + GUID + 1 || name[n - GUID - 1] != '-')
        return name;
    return arena_printf(p->o->arena, "%.*s", (int)(n - GUID - 1), name);
}

/* " (acpi/WSMT byte 36)" */
static const char *where(const struct page *p, const struct origin *from)
{
    if (from->blob == NULL)
        return "";
    const char *name = short_blob(p, from->blob);
    if (from->offset == NO_OFFSET)
        return arena_printf(p->o->arena, " (%s)", name);
    return arena_printf(p->o->arena, " (%s byte %zu)", name, from->offset);
}

static void print_evidence(const struct page *p, const struct outcome *o)
{
    for (unsigned i = 0; i < o->n_evidence; i++) {
        enum fact_id id = o->evidence[i];
        page_paragraph(p, i == 0 ? "from" : "",
                       arena_printf(p->o->arena, "%s = %s%s", fact_infos[id].name,
                                    value_text(p, id), where(p, &p->r->facts.all[id].from)));
    }
}

static void print_findings(const struct page *p, const struct outcome *o)
{
    if (drivers_print(p, o->rule->id))
        return;
    for (size_t i = 0; i < p->r->facts.n_findings; i++) {
        const struct finding *f = &p->r->facts.findings[i];
        if (strcmp(f->rule, o->rule->id) == 0)
            page_paragraph(
                p, "what",
                arena_printf(p->o->arena, "%s: %s", short_blob(p, f->subject), f->message));
    }
}

/* What -v draws below a rule. */
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

static void print_outcome(const struct page *p, const struct outcome *o)
{
    const struct rule *r = o->rule;
    bool detailed = o->verdict == V_FAIL || o->verdict == V_UNKNOWN || p->r->options->verbose;
    static const struct mark milder = {"fail", "33"};
    const struct mark *m =
        o->verdict == V_FAIL && o->level != LEVEL_REQUIRED ? &milder : &marks[o->verdict];
    out_str(p->o, "  ");
    page_colored(p, m->color, m->word);
    page_indent(p, PAGE_INDENT - 2 - strlen(m->word));
    const char *level =
        o->level == LEVEL_REQUIRED ? "" : arena_printf(p->o->arena, " (%s)", level_name(o->level));
    page_wrapped(p, PAGE_INDENT, PAGE_INDENT + 2,
                 arena_printf(p->o->arena, "%s: %s%s", r->id, r->title, level));
    if (!detailed) {
        if (o->verdict == V_PASS)
            (void)drivers_print(p, r->id);
        return;
    }
    page_paragraph(p, "why", o->message);
    if (o->verdict != V_NOT_APPLICABLE)
        print_findings(p, o);
    print_evidence(p, o);
    if (p->r->options->verbose)
        print_picture(p, r->id);
    if (o->fix != NULL)
        page_paragraph(p, "do", o->fix);
}

/* Of loose evidence, what it does not hold is named in one line and not rule by rule. */
static bool is_folded(const struct report *r, const struct outcome *o)
{
    return r->snap->kind == SOURCE_EVIDENCE && !r->options->verbose && o->verdict == V_UNKNOWN &&
           o->reason == ST_NOT_COLLECTED;
}

/* Inside a row: fail, unknown, pass, not applicable; the required before the recommended. */
static void print_sorted(const struct page *p, const char *row)
{
    static const enum verdict order[V_COUNT] = {V_FAIL, V_UNKNOWN, V_PASS, V_NOT_APPLICABLE};
    for (unsigned v = 0; v < V_COUNT; v++) {
        for (unsigned level = 0; level < LEVEL_COUNT; level++) {
            for (size_t i = 0; i < p->r->n_outcomes; i++) {
                const struct outcome *o = &p->r->outcomes[i];
                if (o->verdict == order[v] && o->level == (enum level)level &&
                    strcmp(o->rule->row, row) == 0 && !is_folded(p->r, o))
                    print_outcome(p, o);
            }
        }
    }
}

static bool row_has_lines(const struct report *r, const struct rule_row *row)
{
    for (size_t i = 0; i < r->n_outcomes; i++) {
        if (strcmp(r->outcomes[i].rule->row, row->name) == 0 && !is_folded(r, &r->outcomes[i]))
            return true;
    }
    for (size_t i = 0; row->about_boot && i < r->notes.n; i++) {
        if (r->notes.items[i].about_boot)
            return true;
    }
    return false;
}

static void print_notes(const struct page *p, bool about_boot)
{
    bool any = false;
    for (size_t i = 0; i < p->r->notes.n; i++) {
        const struct note *n = &p->r->notes.items[i];
        if (n->about_boot != about_boot)
            continue;
        if (!any && !about_boot) {
            out_char(p->o, '\n');
            page_colored(p, "1", "Notes");
            out_char(p->o, '\n');
        }
        any = true;
        out_str(p->o, "  note    ");
        page_wrapped(p, PAGE_INDENT, PAGE_INDENT,
                     arena_printf(p->o->arena, "%s: %s", short_blob(p, n->source), n->message));
    }
}

static void print_rows(const struct page *p)
{
    for (size_t i = 0; i < n_rule_rows; i++) {
        if (!row_has_lines(p->r, &rule_rows[i]))
            continue;
        out_char(p->o, '\n');
        page_colored(p, "1", rule_rows[i].title);
        out_char(p->o, '\n');
        print_sorted(p, rule_rows[i].name);
        if (rule_rows[i].about_boot)
            print_notes(p, true);
    }
}

static const char *joined(const struct page *p, const char *list, const char *more)
{
    return arena_printf(p->o->arena, "%s%s%s", list, list[0] != '\0' ? ", " : "", more);
}

/* What evidence would decide, and what this version cannot, are two things. */
static void print_folded(const struct page *p)
{
    size_t lacking = 0, beyond = 0;
    for (size_t i = 0; i < p->r->n_outcomes; i++) {
        const struct outcome *o = &p->r->outcomes[i];
        beyond += is_folded(p->r, o) && o->beyond;
        lacking += is_folded(p->r, o) && !o->beyond;
    }
    if (lacking + beyond == 0)
        return;
    out_printf(p->o, "\nNot judged (-v names them): %zu rule%s evidence", lacking,
               lacking == 1 ? " lacks" : "s lack");
    if (beyond > 0)
        out_printf(p->o, ", %zu %s not in this version", beyond, beyond == 1 ? "is" : "are");
    out_char(p->o, '\n');
}

/*
 * The facts that name the machine, as far as they are known. Firmware chose the words: behind a
 * label, and never at the left, where verdicts stand.
 */
static void print_head(const struct page *p)
{
    static const struct {
        enum fact_id id;
        const char *between; /* what parts it from the words before */
        const char *before;
    } parts[] = {
        {FACT_HOST_VENDOR, "", ""},
        {FACT_HOST_PRODUCT, " ", ""},
        {FACT_HOST_FIRMWARE_VERSION, ", ", "firmware "},
        {FACT_HOST_FIRMWARE_DATE, " ", "of "},
        {FACT_CPU_BRAND, ", ", ""},
        {FACT_HOST_KERNEL, ", ", "Linux "},
        {FACT_HOST_HYPERVISOR, ", ", "hypervisor "},
    };
    const char *line = "";
    for (size_t i = 0; i < COUNT(parts); i++) {
        const struct fact *f = &p->r->facts.all[parts[i].id];
        if (f->st != ST_OK || f->v.text[0] == '\0' ||
            (parts[i].id == FACT_HOST_HYPERVISOR && strcmp(f->v.text, "none") == 0))
            continue;
        line = arena_printf(p->o->arena, "%s%s%s%s", line, line[0] != '\0' ? parts[i].between : "",
                            parts[i].before, f->v.text);
    }
    static const char machine[] = "Machine: ", files[] = "Driver files: ";
    const char *label = drivers_are_all(p->r) ? files : machine;
    if (label == files)
        line = p->r->snap->path;
    out_str(p->o, label);
    page_wrapped(p, strlen(label), strlen(label),
                 line[0] != '\0' ? line : "not named by the evidence");
}

/* Said once, at the top: what an ordinary user was not allowed to read. */
static void print_denied(const struct page *p)
{
    struct names names;
    names_init(&names, p->o->arena);
    const struct snapshot *s = p->r->snap;
    for (size_t i = 0; i < s->n; i++) {
        if (s->blobs[i].st == ST_NO_PERMISSION)
            names_add(&names, short_blob(p, s->blobs[i].name));
    }
    if (names.n == 0)
        return;
    out_char(p->o, '\n');
    page_wrapped(
        p, 0, PAGE_INDENT,
        arena_printf(p->o->arena, "Could not be read without root: %s", names_text(&names)));
}

/* Unknowns that something can be done about, and what: one row a way. */
static const struct {
    enum status reason;
    const char *how;
} ways[] = {
    {ST_NO_PERMISSION, "run as root"},
    {ST_NO_DRIVER, "load, mount or boot as said above"},
    {ST_NOT_UEFI, "boot in UEFI mode"},
    {ST_LOCKDOWN, "boot once with efi=debug"},
    {ST_TRUNCATED, "take again what was cut, a log soon after a boot"},
};

static void print_hint(const struct page *p)
{
    const char *hint = "";
    for (size_t w = 0; w < COUNT(ways); w++) {
        unsigned n = 0;
        for (size_t i = 0; i < p->r->n_outcomes; i++)
            n += p->r->outcomes[i].verdict == V_UNKNOWN &&
                 p->r->outcomes[i].reason == ways[w].reason;
        if (n > 0)
            hint = joined(p, hint, arena_printf(p->o->arena, "%s (%u)", ways[w].how, n));
    }
    if (hint[0] != '\0')
        page_wrapped(p, 0, 2, arena_printf(p->o->arena, "To decide more: %s", hint));
}

static void write_text(struct out *o, const struct report *r)
{
    struct out clean;
    out_init(&clean, o->arena);
    struct page p = {o, &clean, r->options->color, r};
    if (r->options->heading) {
        out_str(o, "== ");
        escape_terminal(o, r->snap->path != NULL ? r->snap->path : "this machine");
        out_str(o, " ==\n");
    }
    if (!r->options->quiet) {
        print_head(&p);
        print_denied(&p);
        print_rows(&p);
        print_notes(&p, false);
        print_folded(&p);
        out_char(o, '\n');
    }
    if (drivers_are_all(r))
        drivers_print_verdict(&p);
    else
        verdict_print(&p);
    if (!r->options->quiet) {
        verdict_print_fail_on(&p);
        print_hint(&p);
    }
    if (r->options->heading && !r->options->quiet)
        out_char(o, '\n');
}

const struct reporter reporter_text = {
    .name = "text",
    .summary = "for people, in 80 columns",
    .many = true,
    .write = write_text,
};
