/* SPDX-License-Identifier: MIT */
#include "probe/iommu/translation.h"

#include "parse/sysfs_iommu.h"
#include "parse/vtd.h"
#include "probe/viewpoint/viewpoint.h"

/* Why the registers of a VT-d unit are unknown: neither the driver nor the log shows them. */
static enum status unseen(const struct probe_run *p, const char **blob)
{
    enum status log = snap_get(p->snap, "efi/kernel-log").st;
    enum status sys = snap_get(p->snap, "sys/iommu").st;
    *blob = log != ST_OK ? "efi/kernel-log" : "sys/iommu";
    if (log != ST_OK)
        return log;
    return sys != ST_OK ? sys : ST_NO_DRIVER;
}

static void read_registers(const struct probe_run *p, struct iommu_map *map)
{
    struct vtd_units seen;
    vtd_parse(snap_get(p->snap, "sys/iommu").data, snap_get(p->snap, "efi/kernel-log").data,
              p->arena, &seen);
    for (size_t i = 0; i < map->n_units; i++) {
        struct iommu_unit *u = &map->units[i];
        if (u->kind != IOMMU_VTD)
            continue;
        const struct vtd_unit *v = vtd_find(&seen, u->base);
        if (u->dead) {
            u->translates = TOLD_NO;
            u->seen_in = "efi/kernel-log";
            u->translation = "nothing answers at its registers: they read as all ones";
            continue;
        }
        if (v == NULL) {
            u->unseen = unseen(p, &u->seen_in);
            u->translation = "its capability registers were not seen";
            continue;
        }
        const char *widths = vtd_widths(v, p->arena);
        u->translates = vtd_translates(v) ? TOLD_YES : TOLD_NO;
        u->seen_in = v->from_log ? "efi/kernel-log" : "sys/iommu";
        u->translation =
            arena_printf(p->arena, "%s%s (CAP %llx, ECAP %llx)",
                         widths[0] != '\0'   ? "second-stage tables of "
                         : vtd_translates(v) ? "scalable mode"
                                             : "CAP.SAGAW is 0, and there is no stage of scalable "
                                               "mode",
                         widths, (unsigned long long)v->cap, (unsigned long long)v->ecap);
    }
}

/* The only AMD-Vi unit, or NULL: sysfs numbers its units without identifying them. */
static const struct iommu_unit *only_amd(const struct iommu_map *map)
{
    const struct iommu_unit *found = NULL;
    for (size_t i = 0; i < map->n_units; i++) {
        if (map->units[i].kind != IOMMU_AMD_VI)
            continue;
        if (found != NULL)
            return NULL;
        found = &map->units[i];
    }
    return found;
}

/*
 * Linux 6.1 prints EFR2:EFR and 6.12 EFR:EFR2, so the register is one of the two; a table that has
 * neither value is wrong.
 */
static void compare_efr(const struct probe_run *p, const struct iommu_map *map)
{
    struct sysfs_iommu sys;
    const struct iommu_unit *u = only_amd(map);
    if (u == NULL || u->efr == 0)
        return;
    sysfs_iommu_parse(snap_get(p->snap, "sys/iommu").data, p->arena, &sys);
    for (size_t i = 0, n = 0; i < sys.n && n < NOTES_ALIKE_MAX; i++) {
        const uint64_t *shown = sys.units[i].features;
        if (!sys.units[i].has_features || shown[0] == u->efr || shown[1] == u->efr)
            continue;
        n++;
        notes_add(p->notes, u->blob,
                  "its copy of the feature register (EFR %llx) differs from that of the unit "
                  "itself (%llx:%llx)",
                  (unsigned long long)u->efr, (unsigned long long)shown[0],
                  (unsigned long long)shown[1]);
    }
}

/* The units that decide the verdict: those in use, if that is known of any. */
static bool counts(const struct probe_run *p, const struct iommu_unit *u)
{
    bool known =
        fact_known(p->facts, FACT_IOMMU_IN_USE) && p->facts->all[FACT_IOMMU_IN_USE].v.u > 0;
    return u->in_use || !known;
}

/* The first unit that counts and has `told` as its answer, units in use first; or NULL. */
static const struct iommu_unit *first_of(const struct probe_run *p, const struct iommu_map *map,
                                         enum told told)
{
    const struct iommu_unit *idle = NULL;
    for (size_t i = 0; i < map->n_units; i++) {
        const struct iommu_unit *u = &map->units[i];
        if (u->translates != told || !counts(p, u))
            continue;
        if (u->in_use)
            return u;
        idle = idle != NULL ? idle : u;
    }
    return idle;
}

static void give_use(const struct probe_run *p, const struct iommu_map *map)
{
    struct facts *f = p->facts;
    size_t in_use = 0;
    for (size_t i = 0; i < map->n_units; i++)
        in_use += map->units[i].in_use;
    enum status st = fact_status(f, FACT_IOMMU_UNCOVERED);
    if (st == ST_OK && map->driven) /* groups do not show which unit a function uses */
        facts_unknown(f, FACT_IOMMU_IN_USE, ST_NOT_COLLECTED, origin_of("sys/iommu"));
    else if (st == ST_OK)
        facts_uint(f, FACT_IOMMU_IN_USE, in_use, origin_of("pci"));
    else
        facts_unknown(f, FACT_IOMMU_IN_USE, st, f->all[FACT_IOMMU_UNCOVERED].from);
}

static void add_findings(const struct probe_run *p, const struct iommu_map *map)
{
    struct finding f = {.rule = "iommu.translation", .offset = NO_OFFSET};
    size_t n = 0;
    for (size_t i = 0; i < map->n_units; i++) {
        const struct iommu_unit *u = &map->units[i];
        if (u->translates != TOLD_NO || !counts(p, u) || n++ >= FINDINGS_MAX)
            continue;
        f.subject = u->name;
        f.message = u->translation;
        findings_add(p->facts, f);
    }
    findings_more(p->facts, f.rule, "units", n, "units");
}

/*
 * One unit in use that cannot translate is enough to fail. If it is unknown which are in use, or if
 * none is, such a unit may be idle: then the rule fails only if no unit can translate.
 */
static void give_translates(const struct probe_run *p, const struct iommu_map *map)
{
    struct facts *f = p->facts;
    const struct iommu_unit *without = first_of(p, map, TOLD_NO);
    const struct iommu_unit *untold = first_of(p, map, NOT_TOLD);
    const struct iommu_unit *with = first_of(p, map, TOLD_YES);
    bool all_without = without != NULL && untold == NULL && with == NULL && !map->cut;
    if (map->tables_differ) { /* the others may describe units of their own */
        facts_unknown(f, FACT_IOMMU_TRANSLATES, ST_CONFLICT, f->all[FACT_IOMMU_UNITS].from);
        return;
    }
    bool proven = without != NULL && (without->in_use || (all_without && !without->dead));
    if (proven) {
        facts_bool(f, FACT_IOMMU_TRANSLATES, false, origin_of(without->seen_in));
        add_findings(p, map);
    } else if (without != NULL && map->cut) { /* a whole log might prove a failure */
        facts_unknown(f, FACT_IOMMU_TRANSLATES, ST_TRUNCATED, origin_of(without->seen_in));
    } else if (without != NULL) {
        enum status use = fact_status(f, FACT_IOMMU_IN_USE);
        facts_unknown(f, FACT_IOMMU_TRANSLATES, use != ST_OK ? use : ST_UNPROVABLE,
                      f->all[FACT_IOMMU_IN_USE].from);
    } else if (untold != NULL && cpu_answer_yes(p->view->remaps)) {
        facts_bool(f, FACT_IOMMU_TRANSLATES, true, p->view->remaps.from);
    } else if (untold != NULL && p->view->hides) {
        facts_unknown(f, FACT_IOMMU_TRANSLATES, ST_HIDDEN, origin_of(untold->seen_in));
    } else if (untold != NULL) {
        facts_unknown(f, FACT_IOMMU_TRANSLATES, untold->unseen, origin_of(untold->seen_in));
    } else if (map->cut) {
        facts_unknown(f, FACT_IOMMU_TRANSLATES, ST_TRUNCATED, origin_of(with->seen_in));
    } else {
        facts_bool(f, FACT_IOMMU_TRANSLATES, true, origin_of(with->seen_in));
    }
}

void translation_give(const struct probe_run *p, struct iommu_map *map)
{
    const struct fact *units = &p->facts->all[FACT_IOMMU_UNITS];
    read_registers(p, map);
    compare_efr(p, map);
    give_use(p, map);
    if (map->n_units > 0)
        give_translates(p, map);
    else
        facts_unknown(p->facts, FACT_IOMMU_TRANSLATES, units->st == ST_OK ? ST_ABSENT : units->st,
                      units->from);
}
