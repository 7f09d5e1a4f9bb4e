/* SPDX-License-Identifier: MIT */
/* Windows will make something else of them. */
#include "probe/iommu/kernel_iommu.h"

/* The number behind "groups " or "type identity " in the blob `sys/iommu`; false without one. */
static bool number_of(struct span text, const char *label, uint64_t *out)
{
    struct span line;
    while (span_next_line(&text, &line)) {
        struct span rest = line;
        if (!span_starts(line, label))
            continue;
        rest = span_trim(span_skip(rest, span_of(label).len));
        return span_take_dec(&rest, out) && rest.len == 0;
    }
    return false;
}

static void note_groups(const struct probe_run *p, struct span sys)
{
    uint64_t groups = 0, identity = 0;
    if (!number_of(sys, "groups ", &groups))
        return;
    if (groups == 0)
        notes_add_boot(p->notes, "sys/iommu",
                       "the kernel uses no IOMMU in this boot; the tables are judged, not its use");
    if (number_of(sys, "type identity ", &identity) && identity > 0)
        notes_add_boot(p->notes, "sys/iommu",
                       "%llu of %llu IOMMU groups pass DMA through untranslated (identity): the "
                       "kernel's choice; the hardware still covers them",
                       (unsigned long long)identity, (unsigned long long)groups);
}

/* Of igfx_off, and of kernels built so; see may_lack_group() in coverage.c. */
static void note_graphics(const struct probe_run *p, const struct iommu_map *map)
{
    const struct iommu_function *aside = NULL;
    for (size_t i = 0; i < map->n_functions && map->tells_groups; i++) {
        const struct iommu_function *f = &map->functions[i];
        if (f->pci->group == PCI_NO_GROUP && f->in_scope && f->standing == STANDS_BEHIND &&
            f->unit != NO_INDEX && map->units[f->unit].kind == IOMMU_VTD)
            aside = f;
    }
    if (aside != NULL)
        notes_add_boot(p->notes, "pci",
                       "the kernel leaves the graphics controller %s untranslated in this boot; "
                       "its unit is there",
                       pci_address_text(p->arena, aside->pci->at));
}

void kernel_iommu_note(const struct probe_run *p, const struct iommu_map *map)
{
    struct blob sys = snap_get(p->snap, "sys/iommu");
    if (map->n_units == 0)
        return;
    if (sys.st == ST_OK)
        note_groups(p, sys.data);
    note_graphics(p, map);
}
