/* SPDX-License-Identifier: MIT */
#include "probe/iommu/dead_units.h"

#include <stdlib.h>

#include "parse/vtd.h"

#define LOG "efi/kernel-log"

/* A unit whose registers the driver shows is known to answer. */
static void mark_suspects(const struct probe_run *p, struct iommu_map *map)
{
    struct vtd_units shown;
    if (map->driven || snap_get(p->snap, LOG).st != ST_NO_PERMISSION)
        return;
    vtd_parse(snap_get(p->snap, "sys/iommu").data, (struct span){0}, p->arena, &shown);
    for (size_t u = 0; u < map->n_units; u++) {
        struct iommu_unit *unit = &map->units[u];
        unit->suspect = unit->kind == IOMMU_VTD && vtd_find(&shown, unit->base) == NULL;
    }
}

static int by_value(const void *a, const void *b)
{
    const uint64_t *l = a, *r = b;
    return (*l > *r) - (*l < *r);
}

/* A table can list as many units as a log has lines: each is looked up. */
static void mark_dead(const struct probe_run *p, struct iommu_map *map)
{
    uint64_t *bases;
    size_t n = vtd_parse_dead(snap_get(p->snap, LOG).data, p->arena, &bases);
    if (n > 1)
        qsort(bases, n, sizeof *bases, by_value);
    for (size_t u = 0; u < map->n_units; u++) {
        struct iommu_unit *unit = &map->units[u];
        unit->dead = n > 0 && unit->kind == IOMMU_VTD &&
                     bsearch(&unit->base, bases, n, sizeof *bases, by_value) != NULL;
        unit->in_use = unit->in_use || (unit->dead && unit->takes_all);
    }
}

void dead_units_strike(const struct probe_run *p, struct iommu_map *map,
                       struct cover_answer *answers, size_t n)
{
    mark_dead(p, map);
    mark_suspects(p, map);
    for (size_t i = 0; i < n; i++) {
        struct iommu_unit *unit = answers[i].unit != NO_INDEX ? &map->units[answers[i].unit] : NULL;
        if (unit == NULL)
            continue;
        if (unit->dead) {
            unit->in_use = true;
            answers[i] = (struct cover_answer){
                ST_OK, NO_INDEX,
                arena_printf(p->arena, "its unit does not answer: %s", unit->name)};
        } else if (unit->suspect) {
            answers[i] = (struct cover_answer){
                ST_NO_PERMISSION, NO_INDEX,
                "the kernel's log, which was denied, would show whether its unit answers"};
        }
    }
}

void dead_units_note(const struct probe_run *p, const struct iommu_map *map)
{
    size_t n = 0;
    for (size_t u = 0; u < map->n_units; u++) {
        const struct iommu_unit *unit = &map->units[u];
        if (unit->dead && !unit->in_use && n++ < NOTES_ALIKE_MAX)
            notes_add(p->notes, unit->blob, "%s does not answer, but nothing is behind it",
                      unit->name);
    }
    if (n > NOTES_ALIKE_MAX)
        notes_add(p->notes, LOG, "%zu more units that do not answer", n - NOTES_ALIKE_MAX);
}
