/* SPDX-License-Identifier: MIT */
/* IOMMUs and SMMUs as the firmware's tables describe them: DMAR, IVRS, IORT. */
#include "probe/iommu/coverage.h"
#include "probe/iommu/driven.h"
#include "probe/iommu/iommu_kinds.h"
#include "probe/iommu/kernel_iommu.h"
#include "probe/iommu/opt_in.h"
#include "probe/iommu/translation.h"
#include "probe/iommu/whole.h"

#include <string.h>

#include "parse/klog/klog_iommu.h"
#include "vbscheck/count.h"

static const char *const wants[] = {
    "acpi/DMAR",      "acpi/XMAR",       "acpi/RMAD", "acpi/IVRS", "acpi/IORT",
    "acpi/FACP",      "acpi/APIC",       "acpi/MCFG", "pci",       "sys/iommu",
    "efi/kernel-log", "sys/thunderbolt", NULL,
};

static const enum fact_id gives[] = {
    FACT_DMAR_PRESENT,
    FACT_DMAR_FLAGS,
    FACT_DMAR_WIDTH,
    FACT_DMAR_DRHD,
    FACT_DMAR_RMRR,
    FACT_DMAR_ATSR,
    FACT_DMAR_RHSA,
    FACT_DMAR_ANDD,
    FACT_DMAR_SATC,
    FACT_DMAR_SIDP,
    FACT_DMAR_SCOPES,
    FACT_DMAR_INCLUDE_ALL,
    FACT_IVRS_PRESENT,
    FACT_IVRS_REVISION,
    FACT_IVRS_IVINFO,
    FACT_IVRS_IVHD_10,
    FACT_IVRS_IVHD_11,
    FACT_IVRS_IVHD_40,
    FACT_IVRS_IVMD,
    FACT_IVRS_ENTRIES,
    FACT_IVRS_UNITS,
    FACT_IORT_PRESENT,
    FACT_IORT_NODES,
    FACT_IORT_ITS,
    FACT_IORT_NAMED,
    FACT_IORT_ROOT_COMPLEX,
    FACT_IORT_SMMU_V2,
    FACT_IORT_SMMU_V3,
    FACT_IORT_PMCG,
    FACT_IORT_RMR,
    FACT_IORT_MAPPINGS,
    FACT_IOMMU_UNITS,
    FACT_IOMMU_OPT_IN,
    FACT_THUNDERBOLT_PROTECTION,
    FACT_IOMMU_TRANSLATES,
    FACT_IOMMU_IN_USE,
    FACT_IOMMU_FUNCTIONS,
    FACT_IOMMU_UNCOVERED,
    FACT_IOMMU_COMPONENTS_FREE,
    FACT_IOMMU_DISPUTED,
    FACT_NONE,
};

static void give_absent(const struct probe_run *p, const struct iommu_kind_row *k,
                        struct origin from)
{
    facts_bool(p->facts, k->present, false, from);
    for (const enum fact_id *id = k->counts; *id != FACT_NONE; id++)
        facts_uint(p->facts, *id, 0, from);
    facts_all_unknown(p->facts, k->fields, ST_ABSENT, from);
}

static void give_unknown(const struct probe_run *p, const struct iommu_kind_row *k, enum status why,
                         struct origin from)
{
    facts_all_unknown(p->facts, k->counts, why, from);
    facts_all_unknown(p->facts, k->fields, why, from);
}

/*
 * The largest real table of these has seven kilobytes. Lists use memory in proportion, and one
 * table must not prevent the whole report.
 */
enum { TABLE_MAX = 1 << 20 };

static enum status parse_bounded(const struct probe_run *p, const struct iommu_kind_row *k,
                                 const struct blob *b, union iommu_table *out, struct fault *fault)
{
    if (b->data.len <= TABLE_MAX)
        return k->parse(b->data, p->arena, out, fault);
    *fault = (struct fault){TABLE_MAX, "it is too large for a table of firmware"};
    return ST_UNSUPPORTED;
}

/*
 * If firmware has several different tables of a kind, Linux uses the first, and so do the facts;
 * but the claims of the others must not contradict it.
 */
static void compare_others(const struct probe_run *p, const struct iommu_kind_row *k,
                           const struct acpi_set *set, struct iommu_described *d)
{
    notes_add(p->notes, set->blob,
              "firmware has %zu different %s tables; the first is reported, as Linux uses that one",
              set->n, k->signature);
    for (size_t i = 1; i < set->n; i++) {
        union iommu_table t;
        struct fault fault;
        enum status st = parse_bounded(p, k, set->tables[i], &t, &fault);
        if (st != ST_OK) {
            acpi_note_fault(p, set->tables[i]->name, &fault);
            d->st = d->opt_in_st = ST_CONFLICT;
            return;
        }
        struct iommu_claims other = k->claims(&t);
        if ((other.units > 0) != (d->claims.units > 0))
            d->st = ST_CONFLICT;
        if (other.opt_in != d->claims.opt_in)
            d->opt_in_st = ST_CONFLICT;
    }
}

static struct iommu_described describe_tables(const struct probe_run *p,
                                              const struct iommu_kind_row *k,
                                              const struct acpi_set *set)
{
    struct iommu_described d = {.st = ST_OK, .opt_in_st = ST_OK, .blob = set->blob};
    union iommu_table *t = arena_new(p->arena, union iommu_table, 1);
    struct fault fault;
    facts_bool(p->facts, k->present, true, origin_of(set->blob));
    d.st = parse_bounded(p, k, set->tables[0], t, &fault);
    if (d.st != ST_OK) {
        acpi_note_fault(p, set->blob, &fault);
        give_unknown(p, k, d.st, origin_of(set->blob));
        d.opt_in_st = d.coverage_st = d.st;
        return d;
    }
    d.table = t;
    d.coverage_st = set->n > 1 ? ST_CONFLICT : set->others;
    k->give(p, set->blob, t);
    d.claims = k->claims(t);
    d.opt_in_from = origin_at(set->blob, k->opt_in_offset);
    if (set->n > 1)
        compare_others(p, k, set, &d);
    return d;
}

/* Restores the tables' own signature; the tool that renamed them may have adjusted the checksum. */
static struct acpi_set under_own_name(const struct probe_run *p, const struct iommu_kind_row *k,
                                      const char *name, struct acpi_set set)
{
    enum { SIGNATURE = 4, CHECKSUM_AT = 9 };
    const struct blob **tables = arena_new(p->arena, const struct blob *, set.n);
    for (size_t i = 0; i < set.n; i++) {
        struct acpi_table t;
        struct blob *b = arena_new(p->arena, struct blob, 1);
        *b = *set.tables[i];
        char *bytes = arena_text(p->arena, b->data);
        bool mended = acpi_open(b->data, name, &t, NULL) == ST_OK;
        for (unsigned c = 0; b->data.len > CHECKSUM_AT && c < SIGNATURE; c++) {
            if (mended)
                bytes[CHECKSUM_AT] = (char)(bytes[CHECKSUM_AT] + bytes[c] - k->signature[c]);
            bytes[c] = k->signature[c];
        }
        b->data.ptr = (const uint8_t *)bytes;
        tables[i] = b;
    }
    set.tables = tables;
    return set;
}

/* Does the kernel's log mention units that it can only know from such a table? */
static bool is_logged(const struct probe_run *p, const struct iommu_kind_row *k)
{
    struct klog_iommu l;
    klog_iommu_read(snap_get(p->snap, "efi/kernel-log").data, p->arena, &l);
    return (strcmp(k->signature, "DMAR") == 0 && l.n > 0) ||
           (strcmp(k->signature, "IVRS") == 0 && l.amd > 0);
}

/*
 * If the set of tables is complete and lacks this one, a log of the same machine names no such
 * unit.
 */
static enum status hold_absence_to_log(const struct probe_run *p, const struct iommu_kind_row *k)
{
    if (!is_logged(p, k))
        return ST_ABSENT;
    notes_add(p->notes, "efi/kernel-log",
              "the kernel's log names an IOMMU, but the complete set of tables has no %s: are "
              "both from this machine with this firmware?",
              k->signature);
    return ST_CONFLICT;
}

static struct iommu_described describe(const struct probe_run *p, const struct iommu_kind_row *k)
{
    struct acpi_set set =
        k->x86 ? acpi_tables_of_x86(p, k->signature) : acpi_tables(p, k->signature);
    for (size_t i = 0; i < COUNT(k->also) && k->also[i] != NULL && set.st != ST_OK; i++) {
        struct acpi_set renamed = acpi_tables(p, k->also[i]);
        if (renamed.st == ST_OK)
            set = under_own_name(p, k, k->also[i], renamed);
    }
    if (set.st == ST_ABSENT)
        set.st = hold_absence_to_log(p, k);
    struct origin from = origin_of(set.blob);
    if (set.st == ST_OK)
        return describe_tables(p, k, &set);
    if (set.st == ST_ABSENT) {
        give_absent(p, k, from);
    } else {
        facts_unknown(p->facts, k->present, set.st, from);
        if (set.listed && set.st == ST_NOT_COLLECTED)
            facts_bool(p->facts, k->present, true, from);
        give_unknown(p, k, set.st, from);
    }
    return (struct iommu_described){.st = set.st,
                                    .opt_in_st = set.st,
                                    .coverage_st = set.st,
                                    .several = set.denied > 1,
                                    .blob = set.blob};
}

/*
 * One table with units proves that there are units; only all three tables prove that there are
 * none. If no table can be read, units that the kernel drives still count. Returns true if these
 * were counted.
 */
static bool count_units(const struct probe_run *p, const struct iommu_described *all)
{
    enum status st[IOMMU_KINDS];
    struct iommu_unit *driven;
    size_t units = 0, from = 0;
    for (size_t i = 0; i < IOMMU_KINDS; i++) {
        st[i] = all[i].st;
        if (st[i] == ST_OK && all[i].claims.units > 0) {
            units += all[i].claims.units;
            from = i;
        }
    }
    if (units == 0)
        from = iommu_weightiest(st);
    const char *blob = all[from].blob;
    bool is_driven = false;
    bool several = false, whole = false;
    for (size_t i = 0; i < IOMMU_KINDS; i++)
        several = several || all[i].several;
    if (!several && (st[from] == ST_NO_PERMISSION || st[from] == ST_NOT_COLLECTED)) {
        units = driven_units(p->snap, p->arena, &driven, &whole);
        is_driven = units > 0;
        blob = is_driven ? driven[0].blob : blob;
    }
    if (units > 0 || st[from] == ST_OK || st[from] == ST_ABSENT)
        facts_uint(p->facts, FACT_IOMMU_UNITS, units, origin_of(blob));
    else
        facts_unknown(p->facts, FACT_IOMMU_UNITS, st[from], origin_of(blob));
    return is_driven;
}

static void run(const struct probe_run *p)
{
    struct iommu_described all[IOMMU_KINDS];
    for (size_t i = 0; i < IOMMU_KINDS; i++) {
        all[i] = describe(p, &iommu_kinds[i]);
        /* IORT has no opt-in flag, so an unreadable IORT hides nothing. */
        if (iommu_kinds[i].opt_in_offset == 0)
            all[i].opt_in_st = ST_ABSENT;
    }
    struct iommu_map *map = arena_new(p->arena, struct iommu_map, 1);
    map->driven = count_units(p, all);
    opt_in_give(p, all);
    coverage_give(p, all, map);
    translation_give(p, map);
    whole_give(p, all, map);
    kernel_iommu_note(p, map);
    p->facts->iommu = map;
}

const struct probe probe_iommu = {
    .name = "iommu",
    .summary = "IOMMUs and SMMUs that firmware's tables describe",
    .wants = wants,
    .gives = gives,
    .run = run,
};
