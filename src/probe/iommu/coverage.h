/* SPDX-License-Identifier: MIT */
/* Every DMA-capable function behind a unit: tables, PCI tree and the kernel's groups together. */
#ifndef PROBE_IOMMU_COVERAGE_H
#define PROBE_IOMMU_COVERAGE_H

#include "probe/iommu/iommu_kinds.h"

/*
 * Draws up the map of what was described, gives the facts that count functions, and adds findings
 * for iommu.coverage. Without a PCI tree the map has units and no functions. out->driven says where
 * the units come from.
 */
void coverage_give(const struct probe_run *p, const struct iommu_described all[IOMMU_KINDS],
                   struct iommu_map *out);

#endif
