/* SPDX-License-Identifier: MIT */
/* The IOMMU groups that the kernel's log names, one function per line. */
#ifndef PARSE_KLOG_KLOG_GROUPS_H
#define PARSE_KLOG_KLOG_GROUPS_H

#include "vbscheck/pci.h"
#include "vbscheck/span.h"

struct klog_group {
    struct pci_address at;
    int32_t group; /* 0 or above */
};

/* The next in *log, which moves past its line; false, with *out untouched, where none is left. */
bool klog_groups_next(struct span *log, struct klog_group *out);

#endif
