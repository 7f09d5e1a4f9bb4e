/* SPDX-License-Identifier: MIT */
#include "report/drivers.h"

#include "vbscheck/count.h"
#include "vbscheck/driver.h"

enum { SHOWN_MAX = 200 };

static const char *file_line(const struct page *p, const struct driver *d, const char *what)
{
    struct out o;
    const char *const who[] = {d->company, d->product, d->version};
    out_init(&o, p->o->arena);
    out_printf(&o, "%s%s%s: %s", d->path, d->arch != NULL ? " " : "",
               d->arch != NULL ? d->arch : "", what != NULL ? what : "nothing found");
    for (size_t i = 0, n = 0; i < COUNT(who); i++) {
        if (who[i] != NULL && who[i][0] != '\0')
            out_printf(&o, "%s%s", n++ == 0 ? " - " : ", ", who[i]);
    }
    if (d->inf != NULL)
        out_printf(&o, " - for %s", d->inf);
    return arena_text(p->o->arena, out_span(&o));
}

static bool is_denied(const struct driver *d)
{
    return d->denied_by != NULL && d->denied_by[0] != '\0';
}

/* The list is sorted, so the worst come first. Prints notes only with -v. */
static void print_files(const struct page *p, const struct driver_list *l, bool denied)
{
    static const char *const words[DRIVER_RESULTS] = {
        [DRIVER_CLEAN] = "note",      [DRIVER_NOT_JUDGED] = "other", [DRIVER_UNDECIDED] = "?",
        [DRIVER_MALFORMED] = "error", [DRIVER_VIOLATION] = "fail",
    };
    size_t shown = 0, left_out = 0;
    for (size_t i = 0; i < l->n; i++) {
        const struct driver *d = &l->items[i];
        bool listed =
            denied ? d->policy_says != NULL
                   : d->result > DRIVER_NOT_JUDGED || (d->what != NULL && p->r->options->verbose);
        if (!listed)
            continue;
        if (shown++ < SHOWN_MAX)
            page_paragraph(p, denied ? (is_denied(d) ? "deny" : "?") : words[d->result],
                           file_line(p, d, denied ? d->policy_says : d->what));
        else
            left_out++;
    }
    if (left_out > 0)
        page_paragraph(p, "", arena_printf(p->o->arena, "and %zu more", left_out));
}

static unsigned long long count_of(const struct page *p, enum fact_id id)
{
    const struct fact *f = &p->r->facts.all[id];
    return f->st == ST_OK ? f->v.u : 0;
}

/* Each row becomes a line if its count is not 0. */
static const struct {
    enum fact_id fact;
    const char *text;
} lines[] = {
    {FACT_DRIVERS_NOT_JUDGED, "for another architecture: not judged"},
    {FACT_DRIVERS_DISCARDABLE_WX,
     "have a writable, executable section that is discardable, which Windows accepts"},
    {FACT_DRIVERS_LEGACY_POOL, "use functions that may allocate executable pool"},
    {FACT_DRIVERS_TAMPERED, "changed since they were signed"},
};

static void print_counts(const struct page *p, const struct driver_list *l)
{
    struct arena *a = p->o->arena;
    page_paragraph(p, "clean",
                   arena_printf(a, "%zu of %llu judged%s%s", l->count[DRIVER_CLEAN],
                                count_of(p, FACT_DRIVERS_CHECKED),
                                l->target != NULL ? ", for " : "",
                                l->target != NULL ? l->target : ""));
    for (size_t i = 0; i < COUNT(lines); i++) {
        unsigned long long n = count_of(p, lines[i].fact);
        if (n > 0)
            page_paragraph(p, "", arena_printf(a, "%llu %s", n, lines[i].text));
    }
    if (l->skipped > 0)
        page_paragraph(p, "", arena_printf(a, "%zu other files are not kernel images", l->skipped));
}

bool drivers_print(const struct page *p, const char *rule)
{
    const struct driver_list *l = p->r->facts.drivers;
    bool blocklist = strcmp(rule, "drivers.blocklist") == 0;
    if (l == NULL || (!blocklist && strcmp(rule, "drivers.hvci") != 0))
        return false;
    print_files(p, l, blocklist);
    if (!blocklist)
        print_counts(p, l);
    return true;
}

bool drivers_are_all(const struct report *r)
{
    return r->facts.drivers != NULL && r->snap->n == 1;
}

static unsigned long long undenied_of(const struct driver_list *l)
{
    unsigned long long n = 0;
    for (size_t i = 0; i < l->n; i++)
        n += l->items[i].undenied != NULL && !is_denied(&l->items[i]);
    return n;
}

static const struct {
    enum fact_id fact; /* FACT_NONE: undenied_of() */
    const char *word, *color, *one, *more;
    bool every_file; /* of any architecture: a policy is checked against all files */
} worst[] = {
    {FACT_DRIVERS_INCOMPATIBLE, "VIOLATIONS", "1;31", "breaks a rule of memory integrity",
     "break a rule of memory integrity", false},
    {FACT_DRIVERS_DENIED, "DENIED", "1;31", "is denied by the block policy",
     "are denied by the block policy", true},
    {FACT_DRIVERS_MALFORMED, "UNDECIDED", "1;33", "cannot be read", "cannot be read", false},
    {FACT_DRIVERS_UNDECIDED, "UNDECIDED", "1;33", "has an unusual layout", "have an unusual layout",
     false},
    {FACT_NONE, "UNDECIDED", "1;33", "cannot be checked against the block policy",
     "cannot be checked against the block policy", true},
};

/* The line of the first bad result, after its word; false if there is none. */
static bool print_worst(const struct page *p, unsigned long long checked)
{
    for (size_t i = 0; i < COUNT(worst); i++) {
        unsigned long long n = worst[i].fact != FACT_NONE ? count_of(p, worst[i].fact)
                                                          : undenied_of(p->r->facts.drivers);
        if (n == 0)
            continue;
        unsigned long long all = worst[i].every_file ? p->r->facts.drivers->n : checked;
        page_colored(p, worst[i].color, worst[i].word);
        out_printf(p->o, ": %llu of %llu driver%s %s", n, all, all == 1 ? "" : "s",
                   n == 1 ? worst[i].one : worst[i].more);
        return true;
    }
    return false;
}

void drivers_print_verdict(const struct page *p)
{
    unsigned long long checked = count_of(p, FACT_DRIVERS_CHECKED);
    if (!print_worst(p, checked)) {
        page_colored(p, checked > 0 ? "1;32" : "1;33",
                     checked > 0 ? "NOTHING FOUND" : "NOTHING TO JUDGE");
        if (checked > 0)
            out_printf(p->o, " in the headers of %llu driver%s", checked, checked == 1 ? "" : "s");
    }
    for (size_t i = 0; i < p->r->n_caveats; i++)
        out_printf(p->o, "; %s", p->r->caveats[i]);
    out_char(p->o, '\n');
}
