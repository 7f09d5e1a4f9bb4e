/* SPDX-License-Identifier: MIT */
#include "probe/iommu/cover/cover.h"

enum { LAST_REAL_DOMAIN = 0xffff };

size_t cover_add_unit(const struct cover_run *c, struct iommu_unit unit)
{
    struct iommu_map *m = c->map;
    m->units = arena_grow(c->p->arena, m->units, m->n_units, sizeof *m->units);
    m->units[m->n_units] = unit;
    return m->n_units++;
}

void cover_whole_segment(const struct cover_run *c, uint32_t segment)
{
    struct iommu_map *m = c->map;
    m->whole = arena_grow(c->p->arena, m->whole, m->n_whole, sizeof *m->whole);
    m->whole[m->n_whole++] = segment;
}

struct cover_answer cover_none(const struct cover_run *c, size_t function, const char *why)
{
    const struct pci_function *f = &c->top->tree->functions[function];
    bool astray = c->top->lacks_buses && c->top->parents[function] == NO_INDEX && f->at.bus != 0;
    if (f->at.domain > LAST_REAL_DOMAIN)
        return (struct cover_answer){ST_UNSUPPORTED, NO_INDEX,
                                     "the kernel made up its PCI domain, so no table lists it"};
    if (astray)
        return (struct cover_answer){ST_NOT_COLLECTED, NO_INDEX,
                                     "the evidence does not show which buses are behind the "
                                     "bridges"};
    return (struct cover_answer){ST_OK, NO_INDEX, why};
}
