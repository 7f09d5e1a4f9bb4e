/* SPDX-License-Identifier: MIT */
/* VT-d: device scopes and INCLUDE_PCI_ALL, specification sections 8.3 and 8.4. */
#include "probe/iommu/cover/cover.h"
#include "probe/iommu/ranges.h"

/* Claims of device scopes on one function. */
struct claim {
    size_t self;  /* unit that names the function, or NO_INDEX */
    size_t below; /* unit that claims everything below it, or NO_INDEX */
};

struct work {
    const struct cover_run *c;
    struct claim *claims;       /* one per function */
    struct ranges include_all;  /* segments that a unit covers as a whole */
    size_t disputed, misplaced; /* scopes */
};

static void claim(struct work *w, const struct dmar_structure *s, const struct dmar_scope *scope,
                  size_t unit)
{
    size_t i = topology_resolve(w->c->top, s->segment, scope->bus, scope->path);
    if (i == NO_INDEX)
        return; /* firmware may list devices that are off or unplugged */
    const struct pci_function *f = &w->c->top->tree->functions[i];
    bool bridge = f->is_bridge == TOLD_YES;
    w->misplaced += f->is_bridge != NOT_TOLD && bridge != (scope->type == DMAR_SCOPE_BRIDGE);
    w->disputed += w->claims[i].self != NO_INDEX && w->claims[i].self != unit;
    if (w->claims[i].self == NO_INDEX)
        w->claims[i].self = unit;
    if (scope->type == DMAR_SCOPE_BRIDGE && w->claims[i].below == NO_INDEX)
        w->claims[i].below = unit;
}

static void add_drhd(struct work *w, const struct dmar_structure *s)
{
    struct arena *a = w->c->p->arena;
    bool all = (s->flags & DRHD_INCLUDE_PCI_ALL) != 0;
    size_t unit = cover_add_unit(
        w->c, (struct iommu_unit){
                  .kind = IOMMU_VTD,
                  .name = arena_printf(a, "DRHD %llx", (unsigned long long)s->base),
                  .serves = arena_printf(a, "segment %u, %s", s->segment,
                                         all ? "every device that no other unit covers"
                                             : "what it lists"),
                  .blob = w->c->blob,
                  .offset = s->offset,
                  .segment = s->segment,
                  .base = s->base,
                  .takes_all = all,
              });
    if (all)
        cover_whole_segment(w->c, s->segment);
    if (all)
        ranges_add(&w->include_all, a, s->segment, s->segment, unit);
    for (size_t i = 0; i < s->n_scopes; i++) {
        if (s->scopes[i].type == DMAR_SCOPE_ENDPOINT || s->scopes[i].type == DMAR_SCOPE_BRIDGE)
            claim(w, s, &s->scopes[i], unit);
    }
}

/* Parents come before their children, so one loop hands claims down. */
static void answer_in_order(struct work *w, struct cover_answer *out)
{
    const struct topology *top = w->c->top;
    for (size_t i = 0; i < top->tree->n; i++) {
        size_t parent = top->parents[i];
        size_t above = parent == NO_INDEX ? NO_INDEX : w->claims[parent].below;
        if (w->claims[i].below == NO_INDEX)
            w->claims[i].below = above;
        size_t unit = w->claims[i].self != NO_INDEX ? w->claims[i].self : above;
        if (unit == NO_INDEX)
            unit = ranges_find(&w->include_all, top->tree->functions[i].at.domain);
        out[i] = unit != NO_INDEX
                     ? (struct cover_answer){.st = ST_OK, .unit = unit}
                     : cover_none(w->c, i,
                                  "no DRHD lists it or a bridge above it, and none covers all "
                                  "devices of its segment");
    }
}

/* If all VMD controllers are behind units, it does not matter which one owns a domain. */
static size_t covered_vmd(const struct work *w, const struct cover_answer *out)
{
    size_t found = NO_INDEX;
    for (size_t i = 0; i < w->c->top->tree->n; i++) {
        if (!w->c->top->tree->functions[i].vmd)
            continue;
        if (out[i].unit == NO_INDEX)
            return NO_INDEX;
        found = i;
    }
    return found;
}

/*
 * Linux's pci_real_dma_dev() and pci_physfn(): tables list the physical function, the controller.
 */
static void answer_stand_ins(const struct work *w, struct cover_answer *out)
{
    size_t candidate = covered_vmd(w, out);
    for (size_t i = 0; i < w->c->top->tree->n; i++) {
        size_t other = topology_stand_in(w->c->top, i);
        if (other == NO_INDEX && candidate != NO_INDEX)
            out[i] = out[candidate];
        else if (other == NO_INDEX)
            out[i] = (struct cover_answer){
                ST_NOT_COLLECTED, NO_INDEX,
                "the evidence does not show which VMD controller it is behind"};
        else if (other != i)
            out[i] = out[other];
    }
}

/* "0000:00:14.0, 0000:00:1a.0": the existing functions of these scopes. */
static const char *names_of(const struct cover_run *c, const struct dmar_structure *s)
{
    enum { MOST = 6 };
    struct arena *a = c->p->arena;
    const char *names = "";
    unsigned n = 0;
    for (size_t i = 0; i < s->n_scopes && n <= MOST; i++) {
        size_t at = topology_resolve(c->top, s->segment, s->scopes[i].bus, s->scopes[i].path);
        if (at == NO_INDEX)
            continue;
        const char *name = pci_address_text(a, c->top->tree->functions[at].at);
        names = n++ == MOST ? arena_printf(a, "%s and more", names)
                            : arena_printf(a, "%s%s%s", names, n > 1 ? ", " : "", name);
    }
    return names;
}

/* 8.4: the devices of an RMRR keep access to its memory. That is a gap, not a fault. */
static void note_open_memory(const struct cover_run *c, const struct dmar *d)
{
    unsigned n = 0;
    for (size_t i = 0; i < d->n_structures; i++) {
        const struct dmar_structure *s = &d->structures[i];
        if (s->type != DMAR_RMRR || n++ >= OPEN_MEMORY_NOTES)
            continue;
        const char *names = names_of(c, s);
        if (names[0] != '\0')
            notes_add(c->p->notes, c->blob,
                      "memory %llx-%llx stays open to DMA by %s in any case (RMRR)",
                      (unsigned long long)s->base, (unsigned long long)s->limit, names);
    }
    if (n > OPEN_MEMORY_NOTES)
        notes_add(c->p->notes, c->blob, "%u more RMRRs", n - OPEN_MEMORY_NOTES);
}

static void note_oddities(const struct work *w)
{
    if (w->disputed > 0)
        notes_add(w->c->p->notes, w->c->blob,
                  "device scopes that claim a device which another DRHD already claims: %zu; the "
                  "first counts",
                  w->disputed);
    if (w->misplaced > 0)
        notes_add(w->c->p->notes, w->c->blob,
                  "device scopes that call a bridge an endpoint or an endpoint a bridge: %zu",
                  w->misplaced);
}

void cover_dmar(const struct cover_run *c, const struct dmar *d, struct cover_answer *out)
{
    size_t n = c->top->tree->n;
    struct work w = {.c = c, .claims = arena_new(c->p->arena, struct claim, n)};
    for (size_t i = 0; i < n; i++)
        w.claims[i] = (struct claim){NO_INDEX, NO_INDEX};
    for (size_t i = 0; i < d->n_structures; i++) {
        if (d->structures[i].type == DMAR_DRHD && d->structures[i].base != 0)
            add_drhd(&w, &d->structures[i]);
    }
    ranges_close(&w.include_all);
    answer_in_order(&w, out);
    answer_stand_ins(&w, out);
    note_open_memory(c, d);
    note_oddities(&w);
}
