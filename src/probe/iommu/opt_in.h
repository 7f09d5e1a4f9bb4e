/* SPDX-License-Identifier: MIT */
/* Protection from DMA before the system starts. */
#ifndef PROBE_IOMMU_OPT_IN_H
#define PROBE_IOMMU_OPT_IN_H

#include "probe/iommu/iommu_kinds.h"

/* Sets the facts about it: from tables, and from Thunderbolt's driver. */
void opt_in_give(const struct probe_run *p, const struct iommu_described all[IOMMU_KINDS]);

#endif
