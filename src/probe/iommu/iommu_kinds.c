/* SPDX-License-Identifier: MIT */
/* DMAR, IVRS and IORT: the claims of each, and its facts. */
#include "probe/iommu/iommu_kinds.h"

static void give_uint(const struct probe_run *p, const char *blob, enum fact_id id, uint64_t v)
{
    facts_uint(p->facts, id, v, origin_of(blob));
}

static enum status parse_dmar(struct span table, struct arena *a, union iommu_table *out,
                              struct fault *fault)
{
    return dmar_parse(table, a, &out->dmar, fault);
}

/* Registers at address 0 cannot exist: Linux rejects such a table as broken. */
static unsigned drhds_at_zero(const struct dmar *d)
{
    unsigned n = 0;
    for (size_t i = 0; i < d->n_structures; i++)
        n += d->structures[i].type == DMAR_DRHD && d->structures[i].base == 0;
    return n;
}

static struct iommu_claims claims_dmar(const union iommu_table *t)
{
    return (struct iommu_claims){
        .units = t->dmar.counts[DMAR_DRHD] - drhds_at_zero(&t->dmar),
        .opt_in = (t->dmar.flags & DMAR_DMA_CTRL_PLATFORM_OPT_IN) != 0,
        .platform = t->dmar.counts[DMAR_ANDD],
    };
}

static void cover_table_dmar(const struct cover_run *c, const union iommu_table *t,
                             struct cover_answer *out)
{
    cover_dmar(c, &t->dmar, out);
}

static void give_dmar(const struct probe_run *p, const char *blob, const union iommu_table *t)
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
    if (drhds_at_zero(d) > 0)
        notes_add(p->notes, blob, "DRHDs whose registers are at address 0, which are not units: %u",
                  drhds_at_zero(d));
    if (d->unknown > 0)
        notes_add(p->notes, blob, "structures of unknown type, skipped: %u", d->unknown);
}

static enum status parse_ivrs(struct span table, struct arena *a, union iommu_table *out,
                              struct fault *fault)
{
    return ivrs_parse(table, a, &out->ivrs, fault);
}

static unsigned acpi_devices(const struct ivrs *i)
{
    unsigned n = 0;
    for (size_t k = 0; k < i->n_ivhds; k++)
        n += i->ivhds[k].type == i->used ? i->ivhds[k].acpi_devices : 0;
    return n;
}

static struct iommu_claims claims_ivrs(const union iommu_table *t)
{
    return (struct iommu_claims){
        .units = t->ivrs.units,
        .opt_in = (t->ivrs.ivinfo & IVRS_DMA_REMAP) != 0,
        .platform = acpi_devices(&t->ivrs),
    };
}

static void cover_table_ivrs(const struct cover_run *c, const union iommu_table *t,
                             struct cover_answer *out)
{
    cover_ivrs(c, &t->ivrs, out);
}

static void give_ivrs(const struct probe_run *p, const char *blob, const union iommu_table *t)
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

static enum status parse_iort(struct span table, struct arena *a, union iommu_table *out,
                              struct fault *fault)
{
    return iort_parse(table, a, &out->iort, fault);
}

static struct iommu_claims claims_iort(const union iommu_table *t)
{
    return (struct iommu_claims){
        .units = t->iort.counts[IORT_SMMU_V2] + t->iort.counts[IORT_SMMU_V3],
    };
}

static void cover_table_iort(const struct cover_run *c, const union iommu_table *t,
                             struct cover_answer *out)
{
    cover_iort(c, &t->iort, out);
}

static void give_iort(const struct probe_run *p, const char *blob, const union iommu_table *t)
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
    give_uint(p, blob, FACT_IORT_NODES, t->iort.n_nodes);
    give_uint(p, blob, FACT_IORT_MAPPINGS, t->iort.mappings);
}

const struct iommu_kind_row iommu_kinds[IOMMU_KINDS] = {
    {
        .signature = "DMAR",
        /* Xen renames it so that its dom0 ignores the units; Xen 4.17 writes RMAD. */
        .also = {"XMAR", "RMAD"},
        .x86 = true,
        .present = FACT_DMAR_PRESENT,
        .counts = {FACT_DMAR_DRHD, FACT_DMAR_RMRR, FACT_DMAR_ATSR, FACT_DMAR_RHSA, FACT_DMAR_ANDD,
                   FACT_DMAR_SATC, FACT_DMAR_SIDP, FACT_DMAR_SCOPES, FACT_DMAR_INCLUDE_ALL,
                   FACT_NONE},
        .fields = {FACT_DMAR_FLAGS, FACT_DMAR_WIDTH, FACT_NONE},
        .opt_in_offset = DMAR_FLAGS_OFFSET,
        .parse = parse_dmar,
        .claims = claims_dmar,
        .give = give_dmar,
        .cover = cover_table_dmar,
    },
    {
        .signature = "IVRS",
        .x86 = true,
        .present = FACT_IVRS_PRESENT,
        .counts = {FACT_IVRS_IVHD_10, FACT_IVRS_IVHD_11, FACT_IVRS_IVHD_40, FACT_IVRS_IVMD,
                   FACT_IVRS_ENTRIES, FACT_IVRS_UNITS, FACT_NONE},
        .fields = {FACT_IVRS_REVISION, FACT_IVRS_IVINFO, FACT_NONE},
        .opt_in_offset = IVRS_IVINFO_OFFSET,
        .parse = parse_ivrs,
        .claims = claims_ivrs,
        .give = give_ivrs,
        .cover = cover_table_ivrs,
    },
    {
        .signature = "IORT", /* without a flag for protection before boot */
        .present = FACT_IORT_PRESENT,
        .counts = {FACT_IORT_NODES, FACT_IORT_ITS, FACT_IORT_NAMED, FACT_IORT_ROOT_COMPLEX,
                   FACT_IORT_SMMU_V2, FACT_IORT_SMMU_V3, FACT_IORT_PMCG, FACT_IORT_RMR,
                   FACT_IORT_MAPPINGS, FACT_NONE},
        .fields = {FACT_NONE},
        .parse = parse_iort,
        .claims = claims_iort,
        .give = give_iort,
        .cover = cover_table_iort,
    },
};

size_t iommu_weightiest(const enum status st[IOMMU_KINDS])
{
    size_t best = 0;
    for (size_t i = 1; i < IOMMU_KINDS; i++) {
        bool says_more = st[i] != ST_OK && st[i] != ST_ABSENT;
        bool best_says_little = st[best] == ST_OK || st[best] == ST_ABSENT ||
                                (st[best] == ST_NOT_COLLECTED && st[i] != ST_NOT_COLLECTED);
        if (says_more && best_says_little)
            best = i;
    }
    return best;
}
