/* SPDX-License-Identifier: MIT */
#include "probe/iommu/topology.h"

enum { BUSES = 256, LAST_REAL_DOMAIN = 0xffff, LAST_DEVICE = 31, LAST_FUNCTION = 7 };

/* The innermost bridge that forwards each bus of one domain. */
struct buses {
    size_t bridge[BUSES]; /* index, or NO_INDEX */
    uint8_t secondary[BUSES];
};

static bool passes_on(const struct pci_function *f)
{
    return f->is_bridge == TOLD_YES && f->has_buses == TOLD_YES && f->secondary > f->at.bus &&
           f->subordinate >= f->secondary;
}

static void claim_buses(struct buses *b, const struct pci_function *f, size_t index)
{
    for (unsigned bus = f->secondary; bus <= f->subordinate; bus++) {
        if (b->bridge[bus] == NO_INDEX || f->secondary > b->secondary[bus]) {
            b->bridge[bus] = index;
            b->secondary[bus] = f->secondary;
        }
    }
}

/* The functions from `first` to `end` are one domain. */
static void build_domain(struct topology *t, size_t first, size_t end)
{
    const struct pci_function *f = t->tree->functions;
    struct buses b;
    for (unsigned bus = 0; bus < BUSES; bus++)
        b.bridge[bus] = NO_INDEX;
    for (size_t i = first; i < end; i++) {
        if (passes_on(&f[i]))
            claim_buses(&b, &f[i], i);
        t->tells_express = t->tells_express || f[i].express == TOLD_YES;
        t->lacks_buses = t->lacks_buses || (f[i].is_bridge == TOLD_YES && !f[i].has_buses);
    }
    for (size_t i = first; i < end; i++)
        t->parents[i] = b.bridge[f[i].at.bus];
}

/* The only VMD controller there is, or NO_INDEX. */
static size_t only_vmd(const struct topology *t)
{
    size_t found = NO_INDEX;
    for (size_t i = 0; i < t->tree->n; i++) {
        if (t->tree->functions[i].vmd && found != NO_INDEX)
            return NO_INDEX;
        if (t->tree->functions[i].vmd)
            found = i;
    }
    return found;
}

void topology_build(struct topology *t, const struct pci_tree *tree, struct arena *a)
{
    *t = (struct topology){.tree = tree, .parents = arena_new(a, size_t, tree->n)};
    size_t first = 0;
    for (size_t i = 1; i <= tree->n; i++) {
        if (i < tree->n && tree->functions[i].at.domain == tree->functions[first].at.domain)
            continue;
        build_domain(t, first, i);
        first = i;
    }
    t->vmd = only_vmd(t);
}

static size_t index_of(const struct topology *t, struct pci_address at)
{
    const struct pci_function *f = pci_find(t->tree, at);
    return f == NULL ? NO_INDEX : (size_t)(f - t->tree->functions);
}

size_t topology_resolve(const struct topology *t, uint32_t segment, uint8_t bus, struct span path)
{
    struct pci_address at = {.domain = segment, .bus = bus};
    for (size_t i = 0; i + 1 < path.len; i += 2) {
        at.device = path.ptr[i];
        at.function = path.ptr[i + 1];
        if (at.device > LAST_DEVICE || at.function > LAST_FUNCTION)
            return NO_INDEX;
        size_t found = index_of(t, at);
        if (found == NO_INDEX || i + 2 >= path.len)
            return found;
        /* Bus numbers rise, so a path has no cycles. */
        if (!passes_on(&t->tree->functions[found]))
            return NO_INDEX;
        at.bus = t->tree->functions[found].secondary;
    }
    return NO_INDEX;
}

size_t topology_aliases(const struct topology *t, size_t function, uint16_t out[ALIASES_MAX])
{
    const struct pci_function *f = t->tree->functions;
    size_t n = 0, below = function;
    if (!t->tells_express)
        return 0;
    for (size_t up = t->parents[function]; up != NO_INDEX && n < ALIASES_MAX;
         below = up, up = t->parents[up]) {
        if (f[up].express == TOLD_NO)
            out[n++] = pci_requester_id(f[up].at);
        else if (f[up].express == TOLD_YES && f[below].express == TOLD_NO)
            out[n++] = (uint16_t)(f[up].secondary << 8);
    }
    return n;
}

size_t topology_stand_in(const struct topology *t, size_t function)
{
    const struct pci_function *f = &t->tree->functions[function];
    if (f->has_owner)
        return index_of(t, f->owner);
    if (f->at.domain > LAST_REAL_DOMAIN)
        return t->vmd;
    if (f->has_physfn) {
        size_t physical = index_of(t, f->physfn);
        return physical != NO_INDEX ? physical : function;
    }
    return function;
}
