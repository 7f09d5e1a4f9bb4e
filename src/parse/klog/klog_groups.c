/* SPDX-License-Identifier: MIT */
#include "parse/klog/klog_groups.h"

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

bool klog_groups_next(struct span *log, struct klog_group *out)
{
    struct span line;
    while (span_next_line(log, &line)) {
        struct pci_address at;
        uint64_t group = 0;
        if (!span_find(line, " group ", NULL) || !parse_grouping(klog_message(line), &at, &group) ||
            group > INT32_MAX)
            continue;
        *out = (struct klog_group){.at = at, .group = (int32_t)group};
        return true;
    }
    return false;
}
