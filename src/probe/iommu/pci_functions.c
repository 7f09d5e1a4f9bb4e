/* SPDX-License-Identifier: MIT */
#include "probe/iommu/pci_functions.h"

#include "parse/klog/klog.h"

/* "pci 0000:00:1f.0: Adding to iommu group 6"; before 5.x "iommu: Adding device 0000:00:1f.0 to
 * group 6" (drivers/iommu/iommu.c, iommu_group_add_device). */
static bool parse_grouping(struct span message, struct pci_address *at, uint64_t *group)
{
    static const char before[] = "iommu: Adding device ", to[] = " to group ";
    static const char since[] = " Adding to iommu group ";
    struct span rest = {0}, word, device;
    if (span_starts(message, before)) {
        rest = span_skip(message, sizeof before - 1);
        if (!pci_take_address(&rest, at) || !span_starts(rest, to))
            return false;
        rest = span_skip(rest, sizeof to - 1);
        return span_take_dec(&rest, group);
    }
    if (!span_next_word(&message, &word) || !span_next_word(&message, &device) ||
        !span_starts(message, since))
        return false;
    rest = span_skip(message, sizeof since - 1);
    return pci_take_address(&device, at) && span_is(device, ":") && span_take_dec(&rest, group);
}

static void take_groups_from_log(const struct probe_run *p, struct pci_tree *tree)
{
    struct span text = snap_get(p->snap, "efi/kernel-log").data, line;
    while (span_next_line(&text, &line)) {
        struct pci_address at;
        uint64_t group = 0;
        if (!span_find(line, " group ", NULL) || !parse_grouping(klog_message(line), &at, &group) ||
            group > INT32_MAX)
            continue;
        const struct pci_function *f = pci_find(tree, at);
        if (f != NULL)
            tree->functions[f - tree->functions].group = (int32_t)group;
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
    /* Nobody has a machine without a PCI function to judge. */
    return st == ST_ABSENT || (st == ST_OK && tree->n == 0) ? ST_NOT_COLLECTED : st;
}
