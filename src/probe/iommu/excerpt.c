/* SPDX-License-Identifier: MIT */
#include "probe/iommu/excerpt.h"

#include "probe/iommu/scope.h"

enum { BUSES = 256, LAST_REAL_DOMAIN = 0xffff, BRIDGE = 0x06, SYSTEM = 0x08 };

/* Finds the buses of the domain from `first` to `end` with functions typical of a root bus. */
static void find_roots(const struct pci_tree *tree, size_t first, size_t end, bool roots[BUSES])
{
    for (unsigned bus = 0; bus < BUSES; bus++)
        roots[bus] = false;
    for (size_t i = first; i < end; i++) {
        unsigned base = tree->functions[i].class_code >> 16;
        if (tree->functions[i].class_told != TOLD_YES || base == BRIDGE || base == SYSTEM)
            roots[tree->functions[i].at.bus] = true;
    }
}

/* A function that no bridge leads to. False if bridges do not show their buses. */
static bool has_stray(const struct topology *t)
{
    const struct pci_tree *tree = t->tree;
    bool roots[BUSES];
    size_t end = 0;
    for (size_t i = 0; i < tree->n && !t->lacks_buses; i++) {
        const struct pci_function *f = &tree->functions[i];
        if (i == end) {
            while (end < tree->n && tree->functions[end].at.domain == f->at.domain)
                end++;
            find_roots(tree, i, end, roots);
        }
        if (f->at.domain <= LAST_REAL_DOMAIN && f->at.bus != 0 && t->parents[i] == NO_INDEX &&
            !f->has_physfn && scope_of(f) == SCOPE_IN && !roots[f->at.bus])
            return true;
    }
    return false;
}

bool pci_is_excerpt(const struct probe_run *p, const struct topology *t)
{
    bool guest = fact_is_true(p->facts, FACT_HOST_VM);
    if (p->snap->kind != SOURCE_EVIDENCE || t->tree->n == 0 || guest ||
        !fact_is_true(p->facts, FACT_HOST_X86))
        return false;
    return pci_find(t->tree, (struct pci_address){0}) == NULL || has_stray(t);
}
