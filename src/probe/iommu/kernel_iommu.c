/* SPDX-License-Identifier: MIT */
/* Linux' use of IOMMUs; Windows will use them differently. */
#include "probe/iommu/kernel_iommu.h"

#include "parse/sysfs_iommu.h"

static void note_groups(const struct probe_run *p, struct span text)
{
    struct sysfs_iommu sys;
    sysfs_iommu_parse(text, p->arena, &sys);
    if (!sys.has_groups)
        return;
    if (sys.groups == 0)
        notes_add_boot(p->notes, "sys/iommu",
                       "the kernel uses no IOMMU in this boot; only the tables are judged");
    if (sys.has_identity && sys.identity > 0)
        notes_add_boot(p->notes, "sys/iommu",
                       "%llu of %llu IOMMU groups pass DMA through untranslated (identity): the "
                       "kernel's choice; the hardware still covers them",
                       (unsigned long long)sys.identity, (unsigned long long)sys.groups);
}

/* Graphics set aside by igfx_off, or by kernels built that way; see may_lack_group() in coverage.c.
 */
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
