/* SPDX-License-Identifier: MIT */
/* IOMMUs and SMMUs as the firmware's tables describe them: DMAR, IVRS, IORT. */
#include "parse/dmar.h"
#include "parse/iort.h"
#include "parse/ivrs.h"
#include "probe/acpi.h"

static const char *const wants[] = {
    "acpi/DMAR", "acpi/IVRS", "acpi/IORT", "acpi/MCFG", "acpi/VIOT",       "acpi/FACP",
    "acpi/APIC", "pci",       "lspci",     "sys/iommu", "sys/thunderbolt", NULL,
};

static const enum fact_id gives[] = {
    FACT_DMAR_PRESENT,  FACT_DMAR_FLAGS,        FACT_DMAR_WIDTH,
    FACT_DMAR_DRHD,     FACT_DMAR_RMRR,         FACT_DMAR_ATSR,
    FACT_DMAR_RHSA,     FACT_DMAR_ANDD,         FACT_DMAR_SATC,
    FACT_DMAR_SIDP,     FACT_DMAR_SCOPES,       FACT_DMAR_INCLUDE_ALL,
    FACT_IVRS_PRESENT,  FACT_IVRS_REVISION,     FACT_IVRS_IVINFO,
    FACT_IVRS_IVHD_10,  FACT_IVRS_IVHD_11,      FACT_IVRS_IVHD_40,
    FACT_IVRS_IVMD,     FACT_IVRS_ENTRIES,      FACT_IVRS_UNITS,
    FACT_IORT_PRESENT,  FACT_IORT_NODES,        FACT_IORT_ITS,
    FACT_IORT_NAMED,    FACT_IORT_ROOT_COMPLEX, FACT_IORT_SMMU_V2,
    FACT_IORT_SMMU_V3,  FACT_IORT_PMCG,         FACT_IORT_RMR,
    FACT_IORT_MAPPINGS, FACT_IOMMU_UNITS,       FACT_IOMMU_OPT_IN,
    FACT_COUNT,
};

/* A table of any kind, parsed. */
union table {
    struct dmar dmar;
    struct ivrs ivrs;
    struct iort iort;
};

/* What a table says to the questions that all kinds answer. */
struct claims {
    unsigned units;
    bool has_opt_in; /* this kind of table can claim protection before boot */
    bool opt_in;
};

enum { MAX_COUNTS = 12, MAX_FIELDS = 4 };

/* One kind of table. */
struct kind {
    const char *signature;
    enum fact_id present;
    enum fact_id counts[MAX_COUNTS]; /* 0 where the table is absent; FACT_COUNT ends */
    enum fact_id fields[MAX_FIELDS]; /* nothing where the table is absent; FACT_COUNT ends */
    size_t opt_in_offset;
    enum status (*parse)(struct span table, union table *out, struct fault *fault);
    struct claims (*claims)(const union table *t);
    void (*give)(const struct probe_run *p, const char *blob, const union table *t);
};

static void give_uint(const struct probe_run *p, const char *blob, enum fact_id id, uint64_t v)
{
    facts_uint(p->facts, id, v, origin_of(blob));
}

static enum status parse_dmar(struct span table, union table *out, struct fault *fault)
{
    return dmar_parse(table, &out->dmar, fault);
}

static struct claims claims_dmar(const union table *t)
{
    return (struct claims){
        .units = t->dmar.counts[DMAR_DRHD],
        .has_opt_in = true,
        .opt_in = (t->dmar.flags & DMAR_DMA_CTRL_PLATFORM_OPT_IN) != 0,
    };
}

static void give_dmar(const struct probe_run *p, const char *blob, const union table *t)
{
    static const enum fact_id of_type[DMAR_TYPES] = {
        [DMAR_DRHD] = FACT_DMAR_DRHD, [DMAR_RMRR] = FACT_DMAR_RMRR, [DMAR_ATSR] = FACT_DMAR_ATSR,
        [DMAR_RHSA] = FACT_DMAR_RHSA, [DMAR_ANDD] = FACT_DMAR_ANDD, [DMAR_SATC] = FACT_DMAR_SATC,
        [DMAR_SIDP] = FACT_DMAR_SIDP,
    };
    const struct dmar *d = &t->dmar;
    for (unsigned type = 0; type < DMAR_TYPES; type++)
        give_uint(p, blob, of_type[type], d->counts[type]);
    give_uint(p, blob, FACT_DMAR_SCOPES, d->device_scopes);
    give_uint(p, blob, FACT_DMAR_INCLUDE_ALL, d->include_all);
    give_uint(p, blob, FACT_DMAR_WIDTH, d->host_address_width);
    facts_uint(p->facts, FACT_DMAR_FLAGS, d->flags, origin_at(blob, DMAR_FLAGS_OFFSET));
    if (d->unknown > 0)
        notes_add(p->notes, blob, "structures of unknown type, stepped over: %u", d->unknown);
}

static enum status parse_ivrs(struct span table, union table *out, struct fault *fault)
{
    return ivrs_parse(table, &out->ivrs, fault);
}

static struct claims claims_ivrs(const union table *t)
{
    return (struct claims){
        .units = t->ivrs.units,
        .has_opt_in = true,
        .opt_in = (t->ivrs.ivinfo & IVRS_DMA_REMAP) != 0,
    };
}

static void give_ivrs(const struct probe_run *p, const char *blob, const union table *t)
{
    const struct ivrs *i = &t->ivrs;
    give_uint(p, blob, FACT_IVRS_REVISION, i->revision);
    give_uint(p, blob, FACT_IVRS_IVHD_10, i->ivhd_10);
    give_uint(p, blob, FACT_IVRS_IVHD_11, i->ivhd_11);
    give_uint(p, blob, FACT_IVRS_IVHD_40, i->ivhd_40);
    give_uint(p, blob, FACT_IVRS_IVMD, i->ivmd);
    give_uint(p, blob, FACT_IVRS_ENTRIES, i->device_entries);
    give_uint(p, blob, FACT_IVRS_UNITS, i->units);
    facts_uint(p->facts, FACT_IVRS_IVINFO, i->ivinfo, origin_at(blob, IVRS_IVINFO_OFFSET));
}

static enum status parse_iort(struct span table, union table *out, struct fault *fault)
{
    return iort_parse(table, &out->iort, fault);
}

/* Arm's table has no flag for protection before boot. */
static struct claims claims_iort(const union table *t)
{
    return (struct claims){
        .units = t->iort.counts[IORT_SMMU_V2] + t->iort.counts[IORT_SMMU_V3],
    };
}

static void give_iort(const struct probe_run *p, const char *blob, const union table *t)
{
    static const enum fact_id of_type[IORT_TYPES] = {
        [IORT_ITS] = FACT_IORT_ITS,
        [IORT_NAMED_COMPONENT] = FACT_IORT_NAMED,
        [IORT_ROOT_COMPLEX] = FACT_IORT_ROOT_COMPLEX,
        [IORT_SMMU_V2] = FACT_IORT_SMMU_V2,
        [IORT_SMMU_V3] = FACT_IORT_SMMU_V3,
        [IORT_PMCG] = FACT_IORT_PMCG,
        [IORT_RMR] = FACT_IORT_RMR,
    };
    for (unsigned type = 0; type < IORT_TYPES; type++)
        give_uint(p, blob, of_type[type], t->iort.counts[type]);
    give_uint(p, blob, FACT_IORT_NODES, t->iort.nodes);
    give_uint(p, blob, FACT_IORT_MAPPINGS, t->iort.mappings);
}

static const struct kind kinds[] = {
    {
        .signature = "DMAR",
        .present = FACT_DMAR_PRESENT,
        .counts = {FACT_DMAR_DRHD, FACT_DMAR_RMRR, FACT_DMAR_ATSR, FACT_DMAR_RHSA, FACT_DMAR_ANDD,
                   FACT_DMAR_SATC, FACT_DMAR_SIDP, FACT_DMAR_SCOPES, FACT_DMAR_INCLUDE_ALL,
                   FACT_COUNT},
        .fields = {FACT_DMAR_FLAGS, FACT_DMAR_WIDTH, FACT_COUNT},
        .opt_in_offset = DMAR_FLAGS_OFFSET,
        .parse = parse_dmar,
        .claims = claims_dmar,
        .give = give_dmar,
    },
    {
        .signature = "IVRS",
        .present = FACT_IVRS_PRESENT,
        .counts = {FACT_IVRS_IVHD_10, FACT_IVRS_IVHD_11, FACT_IVRS_IVHD_40, FACT_IVRS_IVMD,
                   FACT_IVRS_ENTRIES, FACT_IVRS_UNITS, FACT_COUNT},
        .fields = {FACT_IVRS_REVISION, FACT_IVRS_IVINFO, FACT_COUNT},
        .opt_in_offset = IVRS_IVINFO_OFFSET,
        .parse = parse_ivrs,
        .claims = claims_ivrs,
        .give = give_ivrs,
    },
    {
        .signature = "IORT",
        .present = FACT_IORT_PRESENT,
        .counts = {FACT_IORT_NODES, FACT_IORT_ITS, FACT_IORT_NAMED, FACT_IORT_ROOT_COMPLEX,
                   FACT_IORT_SMMU_V2, FACT_IORT_SMMU_V3, FACT_IORT_PMCG, FACT_IORT_RMR,
                   FACT_IORT_MAPPINGS, FACT_COUNT},
        .fields = {FACT_COUNT},
        .parse = parse_iort,
        .claims = claims_iort,
        .give = give_iort,
    },
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

static void give_absent(const struct probe_run *p, const struct kind *k, struct origin from)
{
    facts_bool(p->facts, k->present, false, from);
    for (const enum fact_id *id = k->counts; *id != FACT_COUNT; id++)
        facts_uint(p->facts, *id, 0, from);
    facts_all_unknown(p->facts, k->fields, ST_ABSENT, from);
}

static void give_unknown(const struct probe_run *p, const struct kind *k, enum status why,
                         struct origin from)
{
    facts_all_unknown(p->facts, k->counts, why, from);
    facts_all_unknown(p->facts, k->fields, why, from);
}

/* What is known of one kind of table on this machine. */
struct described {
    enum status st;        /* ST_OK, ST_ABSENT, or why it is not known */
    enum status opt_in_st; /* ST_OK if opt_in is known */
    struct claims claims;
    struct origin opt_in_from;
    const char *blob;
};

/*
 * Where firmware has several different tables of a kind, Linux takes the first, and so do the
 * facts; but what the others claim must not contradict it.
 */
static void compare_others(const struct probe_run *p, const struct kind *k,
                           const struct acpi_set *set, struct described *d)
{
    notes_add(p->notes, set->blob,
              "firmware has %zu different %s tables; the first is reported, as Linux takes it",
              set->n, k->signature);
    for (size_t i = 1; i < set->n; i++) {
        union table t;
        struct fault fault;
        enum status st = k->parse(set->tables[i]->data, &t, &fault);
        if (st != ST_OK) {
            acpi_note_fault(p, set->tables[i]->name, &fault);
            d->st = d->opt_in_st = ST_CONFLICT;
            return;
        }
        struct claims other = k->claims(&t);
        if ((other.units > 0) != (d->claims.units > 0))
            d->st = ST_CONFLICT;
        if (other.opt_in != d->claims.opt_in)
            d->opt_in_st = ST_CONFLICT;
    }
}

static struct described describe_tables(const struct probe_run *p, const struct kind *k,
                                        const struct acpi_set *set)
{
    struct described d = {.st = ST_OK, .opt_in_st = ST_OK, .blob = set->blob};
    union table t;
    struct fault fault;
    facts_bool(p->facts, k->present, true, origin_of(set->blob));
    d.st = k->parse(set->tables[0]->data, &t, &fault);
    if (d.st != ST_OK) {
        acpi_note_fault(p, set->blob, &fault);
        give_unknown(p, k, d.st, origin_of(set->blob));
        d.opt_in_st = d.st;
        return d;
    }
    k->give(p, set->blob, &t);
    d.claims = k->claims(&t);
    d.opt_in_st = d.claims.has_opt_in ? ST_OK : ST_ABSENT;
    d.opt_in_from = origin_at(set->blob, k->opt_in_offset);
    if (set->n > 1)
        compare_others(p, k, set, &d);
    return d;
}

static struct described describe(const struct probe_run *p, const struct kind *k)
{
    struct acpi_set set = acpi_tables(p, k->signature);
    struct origin from = origin_of(set.blob);
    if (set.st == ST_OK)
        return describe_tables(p, k, &set);
    if (set.st == ST_ABSENT) {
        give_absent(p, k, from);
    } else {
        facts_unknown(p->facts, k->present, set.st, from);
        give_unknown(p, k, set.st, from);
    }
    return (struct described){.st = set.st, .opt_in_st = set.st, .blob = set.blob};
}

/*
 * One reason out of several: "not in the evidence" says least, "not there" says nothing. Returns
 * the index of the kind that gives it, or 0.
 */
static size_t weightiest(const enum status st[KINDS])
{
    size_t best = 0;
    for (size_t i = 1; i < KINDS; i++) {
        bool says_more = st[i] != ST_OK && st[i] != ST_ABSENT;
        bool best_says_little = st[best] == ST_OK || st[best] == ST_ABSENT ||
                                (st[best] == ST_NOT_COLLECTED && st[i] != ST_NOT_COLLECTED);
        if (says_more && best_says_little)
            best = i;
    }
    return best;
}

/* One table with units is enough to know that there are some; none is known only of all three. */
static void count_units(const struct probe_run *p, const struct described *all)
{
    enum status st[KINDS];
    unsigned units = 0;
    size_t from = 0;
    for (size_t i = 0; i < KINDS; i++) {
        st[i] = all[i].st;
        if (st[i] == ST_OK && all[i].claims.units > 0) {
            units += all[i].claims.units;
            from = i;
        }
    }
    if (units == 0)
        from = weightiest(st);
    if (units > 0 || st[from] == ST_OK || st[from] == ST_ABSENT)
        facts_uint(p->facts, FACT_IOMMU_UNITS, units, origin_of(all[from].blob));
    else
        facts_unknown(p->facts, FACT_IOMMU_UNITS, st[from], origin_of(all[from].blob));
}

static void give_opt_in(const struct probe_run *p, const struct described *all)
{
    enum status st[KINDS];
    for (size_t i = 0; i < KINDS; i++) {
        st[i] = all[i].opt_in_st;
        if (all[i].st == ST_OK && st[i] == ST_OK && all[i].claims.units > 0) {
            facts_bool(p->facts, FACT_IOMMU_OPT_IN, all[i].claims.opt_in, all[i].opt_in_from);
            return;
        }
    }
    size_t from = weightiest(st);
    enum status why = st[from] == ST_OK ? ST_ABSENT : st[from];
    facts_unknown(p->facts, FACT_IOMMU_OPT_IN, why, origin_of(all[from].blob));
}

static void run(const struct probe_run *p)
{
    struct described all[KINDS];
    for (size_t i = 0; i < KINDS; i++)
        all[i] = describe(p, &kinds[i]);
    count_units(p, all);
    give_opt_in(p, all);
}

const struct probe probe_iommu = {
    .name = "iommu",
    .summary = "IOMMUs and SMMUs that firmware's tables describe",
    .wants = wants,
    .gives = gives,
    .run = run,
};
