/* SPDX-License-Identifier: MIT */
/* AMD-Vi: device entries of IVHD blocks, 48882 section 5.2.2. */
#include "probe/iommu/cover/cover.h"
#include "probe/iommu/ranges.h"

enum { ID_BITS = 16 };

static uint64_t key_of(uint32_t segment, uint16_t id)
{
    return (uint64_t)segment << ID_BITS | id;
}

/* A unit has one block per type; among the blocks of the type in use, each is one unit. */
static size_t unit_of(const struct cover_run *c, size_t first, const struct ivhd *block)
{
    struct arena *a = c->p->arena;
    for (size_t i = first; i < c->map->n_units; i++) {
        const struct iommu_unit *u = &c->map->units[i];
        if (u->base == block->base && u->segment == block->segment)
            return i;
    }
    struct pci_address at = {
        .domain = block->segment,
        .bus = (uint8_t)(block->device >> 8),
        .device = block->device >> 3 & 0x1f,
        .function = block->device & 7,
    };
    /* Tables for host addresses are architectural; a bit of 5.2.2.1 removes them. */
    bool off = (block->attributes & IVHD_HATDIS) != 0;
    return cover_add_unit(
        c, (struct iommu_unit){
               .kind = IOMMU_AMD_VI,
               .name = arena_printf(a, "IVHD %s", pci_address_text(a, at)),
               .serves = arena_printf(a, "segment %u, registers at %llx", block->segment,
                                      (unsigned long long)block->base),
               .blob = c->blob,
               .seen_in = c->blob,
               .offset = block->offset,
               .segment = block->segment,
               .base = block->base,
               .translates = off ? TOLD_NO : TOLD_YES,
               .efr = block->efr,
               .translation = off ? "HATDIS: firmware switched host address translation off"
                              : block->efr != 0
                                  ? arena_printf(a, "host address translation (EFR %llx)",
                                                 (unsigned long long)block->efr)
                                  : "host address translation",
           });
}

static void add_ranges(const struct cover_run *c, const struct ivhd *block, size_t unit,
                       struct ranges *out)
{
    for (size_t i = 0; i < block->n_ranges; i++) {
        const struct ivhd_range *r = &block->ranges[i];
        ranges_add(out, c->p->arena, key_of(block->segment, r->first),
                   key_of(block->segment, r->last), unit);
        /* Linux also sets up the id that requests carry (set_dev_entry_from_acpi). */
        if (r->has_alias)
            ranges_add(out, c->p->arena, key_of(block->segment, r->alias),
                       key_of(block->segment, r->alias), unit);
    }
}

static struct cover_answer answer_of(const struct cover_run *c, const struct ranges *all, size_t i)
{
    const struct pci_address at = c->top->tree->functions[i].at;
    size_t unit = ranges_find(all, key_of(at.domain, pci_requester_id(at)));
    uint16_t aliases[ALIASES_MAX];
    size_t n = topology_aliases(c->top, i, aliases);
    for (size_t k = 0; unit == NO_INDEX && k < n; k++)
        unit = ranges_find(all, key_of(at.domain, aliases[k]));
    if (unit == NO_INDEX)
        return cover_none(c, i, "no device entry of an IVHD block names its id");
    return (struct cover_answer){.st = ST_OK, .unit = unit};
}

/* Select-all, or ranges with every id from 00:01.0 to ff:1f.7: the first device is the bridge. */
static void find_whole_segments(const struct cover_run *c, const struct ivrs *table,
                                const struct ranges *all)
{
    enum { FIRST = 0x0008, LAST = 0xffff };
    for (size_t i = 0; i < table->n_ivhds; i++) {
        uint32_t segment = table->ivhds[i].segment;
        if (ranges_hold(all, key_of(segment, FIRST), key_of(segment, LAST)))
            cover_whole_segment(c, segment);
    }
}

static const char *id_text(struct arena *a, uint32_t segment, uint16_t id)
{
    return pci_address_text(
        a, (struct pci_address){segment, (uint8_t)(id >> 8), id >> 3 & 0x1f, id & 7});
}

/* 5.2.3: unity maps and exclusion ranges are gaps, not faults. */
static void note_open_memory(const struct cover_run *c, const struct ivrs *table)
{
    struct arena *a = c->p->arena;
    for (size_t i = 0; i < table->n_ivmds && i < OPEN_MEMORY_NOTES; i++) {
        const struct ivmd *m = &table->ivmds[i];
        if (m->start == 0 && m->length == 0) {
            notes_add(c->p->notes, c->blob,
                      "an IVMD block of address 0 and length 0, at byte %zu: a firmware mistake "
                      "that makes Xen refuse the IOMMU",
                      m->offset);
            continue;
        }
        const char *who = m->type == IVMD_ALL ? "all devices"
                          : m->type == IVMD_ONE
                              ? id_text(a, m->segment, m->first)
                              : arena_printf(a, "%s to %s", id_text(a, m->segment, m->first),
                                             id_text(a, m->segment, m->last));
        notes_add(c->p->notes, c->blob,
                  "memory at %llx (%llu bytes) stays open to DMA by %s in any case "
                  "(IVMD%s)",
                  (unsigned long long)m->start, (unsigned long long)m->length, who,
                  (m->flags & IVMD_EXCLUSION) != 0 ? ", exclusion range" : "");
    }
    if (table->n_ivmds > OPEN_MEMORY_NOTES)
        notes_add(c->p->notes, c->blob, "%zu more IVMD blocks", table->n_ivmds - OPEN_MEMORY_NOTES);
}

/* 48882, EFR bits 11:10: the levels of host tables; 11b is reserved. */
static void note_reserved_levels(const struct cover_run *c, const struct ivhd *block)
{
    enum { HATS_SHIFT = 10, HATS_MASK = 3 };
    if ((block->efr >> HATS_SHIFT & HATS_MASK) == HATS_MASK)
        notes_add(c->p->notes, c->blob,
                  "the copy of the feature register has HATS = 11b, which is reserved, at byte %zu",
                  block->offset);
}

void cover_ivrs(const struct cover_run *c, const struct ivrs *table, struct cover_answer *out)
{
    struct ranges all = {0};
    size_t first = c->map->n_units;
    for (size_t i = 0; i < table->n_ivhds; i++) {
        const struct ivhd *block = &table->ivhds[i];
        if (block->type == table->used)
            add_ranges(c, block, unit_of(c, first, block), &all);
        if (block->type == table->used)
            note_reserved_levels(c, block);
    }
    ranges_close(&all);
    find_whole_segments(c, table, &all);
    for (size_t i = 0; i < c->top->tree->n; i++)
        out[i] = answer_of(c, &all, i);
    note_open_memory(c, table);
}
