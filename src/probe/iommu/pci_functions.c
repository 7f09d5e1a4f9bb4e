/* SPDX-License-Identifier: MIT */
#include "probe/iommu/pci_functions.h"

#include "parse/klog/klog_groups.h"

static void take_groups_from_log(const struct probe_run *p, struct pci_tree *tree)
{
    struct span text = snap_get(p->snap, "efi/kernel-log").data;
    struct klog_group g;
    while (klog_groups_next(&text, &g)) {
        const struct pci_function *f = pci_find(tree, g.at);
        if (f != NULL)
            tree->functions[f - tree->functions].group = g.group;
    }
}

enum status functions_read(const struct probe_run *p, struct pci_tree *tree)
{
    struct blob b = snap_get(p->snap, "pci");
    struct fault fault;
    bool some = b.st == ST_OK || b.st == ST_TRUNCATED;
    *tree = (struct pci_tree){0};
    enum status st = some ? pci_parse(b.data, p->arena, tree, &fault) : b.st;
    tree->cut = tree->cut || b.st == ST_TRUNCATED;
    if (st == ST_MALFORMED && some)
        notes_add(p->notes, "pci", "the list cannot be judged: %s, at byte %zu", fault.what,
                  fault.offset);
    if (!tree->tells_groups)
        take_groups_from_log(p, tree);
    /* Every machine has a PCI function to judge, so an empty list is missing evidence. */
    return st == ST_ABSENT || (st == ST_OK && tree->n == 0) ? ST_NOT_COLLECTED : st;
}
