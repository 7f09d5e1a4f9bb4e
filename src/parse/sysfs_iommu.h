/* SPDX-License-Identifier: MIT */
/*
 * The blob `sys/iommu` (docs/vbscheck-snapshot.5): the units that the kernel's drivers list below
 * /sys/class/iommu, and its IOMMU groups.
 */
#ifndef PARSE_SYSFS_IOMMU_H
#define PARSE_SYSFS_IOMMU_H

#include "vbscheck/arena.h"
#include "vbscheck/span.h"

/* Lines of a unit follow one another: "unit dmar0 address fed90000", "unit dmar0 cap …". */
struct sysfs_iommu_unit {
    struct span name; /* borrowed from the text */
    bool has_base, has_cap, has_ecap, has_features;
    uint64_t base;        /* of its registers */
    uint64_t cap, ecap;   /* VT-d */
    uint64_t features[2]; /* AMD-Vi, in the order printed; the second is 0 where there is one */
};

/* More than any machine has; the rest is not seen. */
enum { SYSFS_IOMMU_UNITS_MAX = 4096 };

struct sysfs_iommu {
    struct sysfs_iommu_unit *units;
    size_t n;
    bool has_groups, has_identity;
    uint64_t groups;   /* IOMMU groups */
    uint64_t identity; /* those of type "identity": DMA passes through untranslated */
};

/* Reads any text, lists in `a`; unknown lines, and values that are not numbers, are skipped. */
void sysfs_iommu_parse(struct span text, struct arena *a, struct sysfs_iommu *out);

#endif
