/* SPDX-License-Identifier: MIT */
/*
 * Windows driver files given to the program: the judges of batches examined each (image.c); this
 * file turns the results into facts about all of them.
 */
#include <stdlib.h>
#include <string.h>

#include "parse/driver_list.h"
#include "probe/drivers/image_checks.h"
#include "probe/drivers/windows.h"
#include "probe/probe.h"
#include "vbscheck/count.h"

static const char blob[] = "drivers";

static const char *const wants[] = {"drivers", "windows", NULL};

/* Counts over the files for the target's architecture. */
static const enum fact_id hvci_facts[] = {
    FACT_DRIVERS_CHECKED,
    FACT_DRIVERS_INCOMPATIBLE,
    FACT_DRIVERS_DECIDED,
    FACT_DRIVERS_UNDECIDED,
    FACT_DRIVERS_MALFORMED,
    FACT_DRIVERS_DISCARDABLE_WX,
    FACT_DRIVERS_LEGACY_POOL,
    FACT_DRIVERS_WITHOUT_NX,
    FACT_DRIVERS_TAMPERED,
    FACT_DRIVERS_NOT_JUDGED,
    FACT_DRIVERS_OTHER_VIOLATIONS,
    FACT_DRIVERS_REQUIRED,
    FACT_DRIVERS_PRESENT,
    FACT_DRIVERS_STAGED,
    FACT_DRIVERS_MICROSOFT,
    FACT_DRIVERS_THIRD_PARTY,
    FACT_NONE,
};

static const enum fact_id policy_facts[] = {
    FACT_DRIVERS_DENIED,
    FACT_DRIVERS_DENY_DECIDED,
    FACT_DRIVERS_POLICY_OF_DISK,
    FACT_NONE,
};

static const enum fact_id gives[] = {
    FACT_DRIVERS_CHECKED,          FACT_DRIVERS_INCOMPATIBLE,
    FACT_DRIVERS_DECIDED,          FACT_DRIVERS_UNDECIDED,
    FACT_DRIVERS_MALFORMED,        FACT_DRIVERS_DISCARDABLE_WX,
    FACT_DRIVERS_LEGACY_POOL,      FACT_DRIVERS_WITHOUT_NX,
    FACT_DRIVERS_TAMPERED,         FACT_DRIVERS_NOT_JUDGED,
    FACT_DRIVERS_OTHER_VIOLATIONS, FACT_DRIVERS_DENIED,
    FACT_DRIVERS_DENY_DECIDED,     FACT_DRIVERS_POLICY_OF_DISK,
    FACT_DRIVERS_REQUIRED,         FACT_DRIVERS_PRESENT,
    FACT_DRIVERS_STAGED,           FACT_DRIVERS_MICROSOFT,
    FACT_DRIVERS_THIRD_PARTY,      FACT_NONE,
};

/* Which architecture's images are judged -------------------------------------------------- */

static bool is_arch(const struct driver *d, const char *arch)
{
    return d->arch != NULL && arch != NULL && strcmp(d->arch, arch) == 0;
}

/* The architecture of a machine that runs 64-bit Windows; NULL if the evidence has no machine. */
static const char *machine_arch(const struct facts *f)
{
    static const struct {
        const char *linux_name, *windows;
    } names[] = {{"x86_64", "amd64"}, {"aarch64", "arm64"}};
    const struct fact *arch = &f->all[FACT_HOST_ARCH];
    for (size_t i = 0; arch->st == ST_OK && i < COUNT(names); i++) {
        if (strcmp(arch->v.text, names[i].linux_name) == 0)
            return names[i].windows;
    }
    return NULL;
}

static const char *majority_arch(const struct driver_list *l)
{
    size_t amd64 = 0, arm64 = 0;
    for (size_t i = 0; i < l->n; i++) {
        amd64 += is_arch(&l->items[i], "amd64");
        arm64 += is_arch(&l->items[i], "arm64");
    }
    if (amd64 + arm64 == 0)
        return NULL;
    return arm64 > amd64 ? "arm64" : "amd64";
}

/* An unnamed processor appears as a number (pe_machine_name()). */
static bool is_of_no_windows(const struct driver *d)
{
    return d->arch != NULL && d->arch[0] == '0';
}

static void choose_target(const struct probe_run *p, struct driver_list *l)
{
    if (l->target == NULL)
        l->target = machine_arch(p->facts);
    if (l->target == NULL)
        l->target = majority_arch(l);
    for (size_t i = 0; i < l->n; i++) {
        struct driver *d = &l->items[i];
        /* If a file's headers are broken, its Windows architecture is unknown. */
        if (d->group == DRIVER_REQUIRED && is_of_no_windows(d)) {
            d->result = DRIVER_UNDECIDED;
            d->fault = "its header names a processor that no Windows runs on";
        } else if (d->arch != NULL && !is_arch(d, l->target))
            d->result = DRIVER_NOT_JUDGED;
        l->count[d->result]++;
    }
}

/* If the disk may differ from what Windows has, violations remain and nothing is proven clean. */
static void doubt_clean(struct driver_list *l, enum status volume)
{
    for (size_t i = 0; volume != ST_OK && i < l->n; i++) {
        if (l->items[i].result == DRIVER_CLEAN)
            l->items[i].result = DRIVER_UNDECIDED;
    }
}

/* What to say of each ---------------------------------------------------------------------- */

static void add_part(struct out *o, const char *text)
{
    if (o->len > 0)
        out_str(o, "; ");
    out_str(o, text);
}

static bool is_same(const struct driver_check *a, const struct driver_check *b)
{
    return a->bit == b->bit && a->own == b->own;
}

/* The check at `at` and all later ones of the same kind: once, with all their sections. */
static void describe_check(struct out *o, const struct driver *d, size_t at)
{
    const struct driver_check *c = &d->checks[at];
    const char *between = ": ";
    for (size_t i = 0; i < at; i++) {
        if (is_same(&d->checks[i], c))
            return;
    }
    add_part(o, image_check_text(c));
    for (size_t i = at; i < d->n_checks; i++) {
        if (!is_same(&d->checks[i], c) || d->checks[i].section == NULL)
            continue;
        out_printf(o, "%s%s", between, d->checks[i].section);
        between = ", ";
    }
    if (c->bit != 0)
        out_printf(o, " (Windows check 0x%x", (unsigned)c->bit);
    if (c->bit != 0 && c->code != 0)
        out_printf(o, ", Driver Verifier 0x%x", (unsigned)c->code);
    if (c->bit != 0)
        out_char(o, ')');
}

/* `o` is reset first: one buffer is enough for all. */
static void describe(struct out *o, const struct driver_list *l, struct driver *d)
{
    struct arena *a = o->arena;
    o->len = 0;
    if (d->result == DRIVER_NOT_JUDGED)
        out_printf(o, "for another architecture: %s%s%s", d->arch,
                   l->target != NULL ? ", not " : "", l->target != NULL ? l->target : "");
    else if (d->fault != NULL)
        out_printf(o, "%s%s", d->result == DRIVER_UNDECIDED ? "" : "malformed: ", d->fault);
    for (size_t i = 0; d->result != DRIVER_NOT_JUDGED && i < d->n_checks; i++)
        describe_check(o, d, i);
    if (d->denied_by != NULL && d->denied_by[0] != '\0')
        d->policy_says = arena_printf(a, "denied by the block policy: %s", d->denied_by);
    else if (d->undenied != NULL)
        d->policy_says = arena_printf(a, "the block policy cannot be applied: %s", d->undenied);
    if (d->signatures != NULL && strcmp(d->signatures, "differ") == 0)
        add_part(o, "changed since it was signed: its digest is not the one in its signature");
    d->what = o->len > 0 ? arena_text(a, out_span(o)) : NULL;
}

static bool counts_for_start(const struct driver *d)
{
    return d->group == DRIVER_GIVEN || d->group == DRIVER_REQUIRED;
}

static bool is_denied(const struct driver *d)
{
    return d->denied_by != NULL && d->denied_by[0] != '\0';
}

/* Company, product and version, if the file has them, and the hardware it serves. */
static struct span who(struct out *o, const struct driver *d)
{
    const char *const parts[] = {d->company, d->product, d->version};
    o->len = 0;
    for (size_t i = 0; i < COUNT(parts); i++) {
        if (parts[i] != NULL && parts[i][0] != '\0')
            out_printf(o, "%s%s", o->len > 0 ? ", " : " [", parts[i]);
    }
    if (o->len > 0)
        out_char(o, ']');
    if (d->inf != NULL)
        out_printf(o, " for %s", d->inf);
    return out_span(o);
}

static void find(const struct probe_run *p, struct out *o, const char *rule, const struct driver *d,
                 const char *what)
{
    struct span whose = who(o, d);
    findings_add(p->facts, (struct finding){
                               .rule = rule,
                               .subject = d->path,
                               .message = arena_printf(p->arena, "%s%.*s", what, (int)whose.len,
                                                       (const char *)whose.ptr),
                               .offset = NO_OFFSET,
                           });
}

static void find_all(const struct probe_run *p, struct out *o, const struct driver_list *l)
{
    static const char hvci[] = "drivers.hvci", blocklist[] = "drivers.blocklist";
    size_t n = 0, denied = 0;
    for (size_t i = 0; i < l->n; i++) {
        const struct driver *d = &l->items[i];
        bool listed = d->what != NULL && d->result != DRIVER_NOT_JUDGED;
        bool differs = d->signatures != NULL && strcmp(d->signatures, "differ") == 0;
        if (listed && (d->result != DRIVER_CLEAN || differs) && n++ < FINDINGS_MAX)
            find(p, o, hvci, d, d->what);
        if (d->policy_says != NULL && denied++ < FINDINGS_MAX)
            find(p, o, blocklist, d, d->policy_says);
    }
    findings_more(p->facts, hvci, blob, n, "files");
    findings_more(p->facts, blocklist, blob, denied, "files");
}

/* Facts ------------------------------------------------------------------------------------ */

struct tally {
    size_t checked, incompatible, other, undecided, malformed, discardable, pool, no_nx, tampered;
    size_t denied, deny_undecided;
};

static bool has_note(const struct driver *d)
{
    for (size_t i = 0; i < d->n_checks; i++) {
        if (d->checks[i].kind == CHECK_NOTE)
            return true;
    }
    return false;
}

static struct tally count_all(const struct driver_list *l)
{
    struct tally t = {0};
    for (size_t i = 0; i < l->n; i++) {
        const struct driver *d = &l->items[i];
        bool start = counts_for_start(d);
        t.denied += start && is_denied(d);
        t.deny_undecided += start && d->undenied != NULL && !is_denied(d);
        if (d->result == DRIVER_NOT_JUDGED)
            continue;
        t.checked++;
        t.incompatible += start && d->result == DRIVER_VIOLATION;
        t.other += !start && d->result == DRIVER_VIOLATION;
        t.undecided += start && d->result == DRIVER_UNDECIDED;
        t.malformed += start && d->result == DRIVER_MALFORMED;
        t.discardable += has_note(d);
        t.pool += d->legacy_pool > 0;
        t.no_nx += d->no_nx_compat != 0;
        t.tampered += d->signatures != NULL && strcmp(d->signatures, "differ") == 0;
    }
    return t;
}

/* `hive` is why it is unknown which drivers start by themselves; ST_OK: it is known. */
static void set_hvci(struct facts *f, const struct driver_list *l, const struct tally *t,
                     enum status hive)
{
    struct origin from = origin_of(blob);
    windows_count_groups(f, l, hive);
    facts_uint(f, FACT_DRIVERS_NOT_JUDGED, l->count[DRIVER_NOT_JUDGED], from);
    if (t->checked == 0) {
        facts_all_unknown(f, hvci_facts, ST_NOT_COLLECTED, from);
        facts_uint(f, FACT_DRIVERS_CHECKED, 0, from);
        return;
    }
    facts_uint(f, FACT_DRIVERS_CHECKED, t->checked, from);
    facts_uint(f, FACT_DRIVERS_INCOMPATIBLE, t->incompatible, from);
    facts_uint(f, FACT_DRIVERS_OTHER_VIOLATIONS, t->other, from);
    facts_uint(f, FACT_DRIVERS_UNDECIDED, t->undecided, from);
    facts_uint(f, FACT_DRIVERS_MALFORMED, t->malformed, from);
    facts_uint(f, FACT_DRIVERS_DISCARDABLE_WX, t->discardable, from);
    facts_uint(f, FACT_DRIVERS_LEGACY_POOL, t->pool, from);
    facts_uint(f, FACT_DRIVERS_WITHOUT_NX, t->no_nx, from);
    facts_uint(f, FACT_DRIVERS_TAMPERED, t->tampered, from);
    if (hive != ST_OK)
        facts_unknown(f, FACT_DRIVERS_DECIDED, hive, origin_of("windows"));
    else if (t->malformed > 0)
        facts_unknown(f, FACT_DRIVERS_DECIDED, ST_MALFORMED, from);
    else if (t->undecided > 0)
        facts_unknown(f, FACT_DRIVERS_DECIDED, ST_UNSUPPORTED, from);
    else
        facts_bool(f, FACT_DRIVERS_DECIDED, true, from);
}

static void set_policy(struct facts *f, const struct driver_list *l, const struct tally *t,
                       enum status hive)
{
    struct origin from = origin_of(blob);
    if (l->policy == NULL || l->n == 0) {
        facts_all_unknown(f, policy_facts, ST_NOT_COLLECTED, from);
        return;
    }
    facts_uint(f, FACT_DRIVERS_DENIED, t->denied, from);
    facts_bool(f, FACT_DRIVERS_POLICY_OF_DISK, l->policy_of_disk, from);
    if (hive != ST_OK)
        facts_unknown(f, FACT_DRIVERS_DENY_DECIDED, hive, origin_of("windows"));
    else if (t->deny_undecided > 0)
        facts_unknown(f, FACT_DRIVERS_DENY_DECIDED, ST_UNSUPPORTED, from);
    else
        facts_bool(f, FACT_DRIVERS_DENY_DECIDED, true, from);
}

/* The worst first; among equals by path. */
static int by_weight(const void *a, const void *b)
{
    const struct driver *l = a, *r = b;
    if (l->result != r->result)
        return l->result > r->result ? -1 : 1;
    if (is_denied(l) != is_denied(r))
        return is_denied(l) ? -1 : 1;
    return strcmp(l->path, r->path);
}

static void run(const struct probe_run *p)
{
    struct blob b = snap_get(p->snap, blob);
    struct driver_list *l = arena_new(p->arena, struct driver_list, 1);
    struct fault f = {0};
    struct out o;
    enum status st = b.st == ST_OK ? driver_list_parse(b.data, p->arena, l, &f) : b.st;
    if (st != ST_OK) {
        if (f.what != NULL)
            notes_add(p->notes, blob, "%s (byte %zu)", f.what, f.offset);
        facts_all_unknown(p->facts, gives, st, origin_of(blob));
        return;
    }
    enum status volume = windows_volume_status(p);
    doubt_clean(l, volume);
    choose_target(p, l);
    out_init(&o, p->arena);
    for (size_t i = 0; i < l->n; i++)
        describe(&o, l, &l->items[i]);
    if (l->n > 1)
        qsort(l->items, l->n, sizeof *l->items, by_weight);
    struct tally t = count_all(l);
    enum status hive = volume != ST_OK ? volume : windows_hive_status(p);
    set_hvci(p->facts, l, &t, hive);
    set_policy(p->facts, l, &t, hive);
    find_all(p, &o, l);
    windows_note_others(p, l);
    for (size_t i = 0; i < l->n_notices; i++)
        notes_add(p->notes, blob, "%s", l->notices[i]);
    p->facts->drivers = l;
}

const struct probe probe_drivers = {
    .name = "drivers",
    .summary = "Windows driver files: what memory integrity and a block policy refuse",
    .wants = wants,
    .gives = gives,
    .run = run,
};
