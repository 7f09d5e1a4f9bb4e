/* SPDX-License-Identifier: MIT */
/* Tables besides those of the IOMMUs: MCFG, which lists PCI segments, and VIOT. */
#include "parse/acpi/mcfg.h"
#include "parse/acpi/set16.h"
#include "parse/acpi/viot.h"
#include "probe/acpi.h"
#include "vbscheck/iommu_map.h"

static const char *const wants[] = {"acpi/MCFG", "acpi/VIOT", "acpi/FACP", "acpi/APIC", NULL};

static const enum fact_id gives[] = {
    FACT_MCFG_PRESENT, FACT_MCFG_SEGMENTS, FACT_VIOT_PRESENT, FACT_VIOT_UNITS, FACT_NONE,
};

/* Facts of MCFG, and all its segments: firmware may have one table for each. */
static unsigned give_mcfg(const struct probe_run *p, struct set16 *segments)
{
    struct acpi_set set = acpi_tables(p, "MCFG");
    struct origin from = origin_of(set.blob);
    unsigned n = 0;
    enum status st = set.others;
    for (size_t i = 0; i < set.n; i++) {
        struct mcfg m;
        struct fault fault;
        enum status one = mcfg_parse(set.tables[i]->data, p->arena, &m, &fault);
        if (one != ST_OK)
            acpi_note_fault(p, set.tables[i]->name, &fault);
        for (size_t e = 0; one == ST_OK && e < m.n; e++)
            n += set16_add(segments, m.entries[e].segment);
        st = st == ST_OK ? one : st;
    }
    if (set.st == ST_OK || set.st == ST_ABSENT)
        facts_bool(p->facts, FACT_MCFG_PRESENT, set.st == ST_OK, from);
    else
        facts_unknown(p->facts, FACT_MCFG_PRESENT, set.st, from);
    if (set.st == ST_ABSENT || (set.st == ST_OK && st == ST_OK))
        facts_uint(p->facts, FACT_MCFG_SEGMENTS, n, from);
    else
        facts_unknown(p->facts, FACT_MCFG_SEGMENTS, set.st == ST_OK ? st : set.st, from);
    return n;
}

/* A segment without functions in the list may be empty, or the list may omit it. */
static void note_segments(const struct probe_run *p, const struct set16 *segments, unsigned n)
{
    const struct iommu_map *map = p->facts->iommu;
    struct set16 seen = {0};
    unsigned met = 0;
    for (size_t i = 0; map != NULL && i < map->n_functions; i++) {
        uint32_t domain = map->functions[i].pci->at.domain;
        if (domain <= UINT16_MAX && set16_has(segments, (uint16_t)domain))
            met += set16_add(&seen, (uint16_t)domain);
    }
    if (met > 0 && met < n)
        notes_add(p->notes, "acpi/MCFG",
                  "the table lists %u PCI segments, but the list of functions covers only %u", n,
                  met);
}

/*
 * A virtio-iommu is not VT-d, AMD-Vi or an SMMU, and nothing shows that Windows can use one. So it
 * is reported, and does not count for any rule.
 */
static void give_viot(const struct probe_run *p)
{
    struct acpi_set set = acpi_tables(p, "VIOT");
    struct origin from = origin_of(set.blob);
    struct viot v = {0};
    struct fault fault;
    enum status st = set.st;
    if (st == ST_OK && (st = viot_parse(set.tables[0]->data, &v, &fault)) != ST_OK)
        acpi_note_fault(p, set.blob, &fault);
    unsigned units = v.counts[VIOT_VIRTIO_IOMMU_PCI] + v.counts[VIOT_VIRTIO_IOMMU_MMIO];
    if (set.st == ST_OK || set.st == ST_ABSENT)
        facts_bool(p->facts, FACT_VIOT_PRESENT, set.st == ST_OK, from);
    else
        facts_unknown(p->facts, FACT_VIOT_PRESENT, set.st, from);
    if (st == ST_OK || st == ST_ABSENT)
        facts_uint(p->facts, FACT_VIOT_UNITS, units, from);
    else
        facts_unknown(p->facts, FACT_VIOT_UNITS, st, from);
    if (units > 0)
        notes_add(p->notes, set.blob,
                  "virtio-iommus described, which are not judged: %u (they are not VT-d, AMD-Vi or "
                  "SMMU)",
                  units);
}

static void run(const struct probe_run *p)
{
    struct set16 segments = {0};
    unsigned n = give_mcfg(p, &segments);
    note_segments(p, &segments, n);
    give_viot(p);
}

const struct probe probe_segments = {
    .name = "segments",
    .summary = "PCI segments and virtio-iommus that firmware lists",
    .wants = wants,
    .gives = gives,
    .run = run,
};
