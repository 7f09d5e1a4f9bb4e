/* SPDX-License-Identifier: MIT */
#include "probe/iommu/components.h"

enum { DMAR, IVRS, IORT }; /* in the order of the kinds */

static const struct iort *table_of(const struct iommu_described *iort)
{
    return iort->table != NULL ? &iort->table->iort : NULL;
}

/* Machines with x86 tables have no IORT. */
static bool cannot_have_iort(const struct probe_run *p,
                             const struct iommu_described all[IOMMU_KINDS])
{
    return fact_is_true(p->facts, FACT_HOST_X86) || all[DMAR].table != NULL ||
           all[IVRS].table != NULL || all[IORT].st == ST_ABSENT;
}

/* What shows that there is none, which is not a table that could not be read. */
static struct origin no_iort_by(const struct probe_run *p,
                                const struct iommu_described all[IOMMU_KINDS])
{
    for (int kind = DMAR; kind < IORT; kind++) {
        if (all[kind].table != NULL)
            return origin_of(all[kind].blob);
    }
    bool x86 = fact_is_true(p->facts, FACT_HOST_X86) && all[IORT].st != ST_ABSENT;
    return x86 ? p->facts->all[FACT_HOST_X86].from : origin_of(all[IORT].blob);
}

static void give_count(const struct probe_run *p, const struct iommu_map *map, const struct iort *t,
                       struct origin from)
{
    bool pci_decides = t != NULL && t->counts[IORT_ROOT_COMPLEX] > 0;
    if (map->components_free == 0 && map->components_its > 0 && !pci_decides)
        facts_unknown(p->facts, FACT_IOMMU_COMPONENTS_FREE, ST_UNPROVABLE, from);
    else
        facts_uint(p->facts, FACT_IOMMU_COMPONENTS_FREE, map->components_free, from);
    if (map->components_its > 0)
        notes_add(p->notes, from.blob,
                  "platform devices that are mapped to interrupts (ITS) but not to an SMMU; the "
                  "table does not show whether they can use DMA: %u",
                  map->components_its);
}

bool components_give(const struct probe_run *p, const struct iommu_described all[IOMMU_KINDS],
                     const struct iommu_map *map, bool has_functions)
{
    struct facts *f = p->facts;
    const struct iort *t = table_of(&all[IORT]);
    struct origin from = origin_of(all[IORT].blob);
    if (t != NULL)
        give_count(p, map, t, from);
    else if (cannot_have_iort(p, all))
        give_count(p, map, t, no_iort_by(p, all));
    else
        facts_unknown(f, FACT_IOMMU_COMPONENTS_FREE, all[IORT].st, from);
    bool alone = !has_functions && t != NULL && t->counts[IORT_ROOT_COMPLEX] == 0 &&
                 map->components > 0 && acpi_tables(p, "MCFG").st == ST_ABSENT;
    if (!alone)
        return false;
    facts_uint(f, FACT_IOMMU_FUNCTIONS, 0, from);
    facts_uint(f, FACT_IOMMU_UNCOVERED, 0, from);
    facts_uint(f, FACT_IOMMU_DISPUTED, 0, from);
    return true;
}
