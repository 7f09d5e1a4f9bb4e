/* SPDX-License-Identifier: MIT */
/* How the running kernel uses its IOMMUs. */
#ifndef PROBE_IOMMU_KERNEL_IOMMU_H
#define PROBE_IOMMU_KERNEL_IOMMU_H

#include "probe/probe.h"
#include "vbscheck/iommu_map.h"

/* Adds notes: context, never a verdict. */
void kernel_iommu_note(const struct probe_run *p, const struct iommu_map *map);

#endif
