/* SPDX-License-Identifier: MIT */
#include "probe/iommu/whole.h"

#include "parse/acpi/mcfg.h"

static bool is_whole(const struct iommu_map *map, uint32_t segment)
{
    for (size_t i = 0; i < map->n_whole; i++) {
        if (map->whole[i] == segment)
            return true;
    }
    return false;
}

/* Is every segment that the MCFG names covered as a whole? False without a sound MCFG. */
static bool takes_every_segment(const struct probe_run *p, const struct iommu_map *map)
{
    struct acpi_set set = acpi_tables(p, "MCFG");
    size_t n = 0;
    if (set.st != ST_OK || set.others != ST_OK)
        return false;
    for (size_t i = 0; i < set.n; i++) {
        struct mcfg m;
        if (mcfg_parse(set.tables[i]->data, p->arena, &m, NULL) != ST_OK)
            return false;
        for (size_t e = 0; e < m.n; e++, n++) {
            if (!is_whole(map, m.entries[e].segment))
                return false;
        }
    }
    return n > 0;
}

/* Other evidence contradicts the tables, or one of their units does not work. */
static bool is_doubtful(const struct probe_run *p, const struct iommu_described all[IOMMU_KINDS],
                        const struct iommu_map *map)
{
    enum status st = fact_status(p->facts, FACT_IOMMU_UNCOVERED);
    if (map->driven || map->tables_differ || st == ST_CONFLICT)
        return true;
    for (size_t k = 0; k < IOMMU_KINDS; k++) {
        if (all[k].table != NULL && all[k].coverage_st != ST_OK)
            return true;
    }
    for (size_t i = 0; i < map->n_units; i++) {
        if (map->units[i].translates == TOLD_NO || map->units[i].suspect)
            return true;
    }
    return false;
}

void whole_give(const struct probe_run *p, const struct iommu_described all[IOMMU_KINDS],
                const struct iommu_map *map)
{
    if (fact_known(p->facts, FACT_IOMMU_UNCOVERED) || map->n_whole == 0 ||
        is_doubtful(p, all, map) || !takes_every_segment(p, map))
        return;
    facts_uint(p->facts, FACT_IOMMU_UNCOVERED, 0, origin_of(map->units[0].blob));
}
