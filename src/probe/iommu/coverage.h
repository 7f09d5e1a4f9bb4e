/* SPDX-License-Identifier: MIT */
/*
 * Is every DMA-capable function behind a unit? Combines tables, PCI tree and the kernel's groups.
 */
#ifndef PROBE_IOMMU_COVERAGE_H
#define PROBE_IOMMU_COVERAGE_H

#include "probe/iommu/iommu_kinds.h"

/*
 * Creates the map, sets the facts that count functions, and adds findings for iommu.coverage.
 * Without a PCI tree the map has units and no functions. out->driven shows where the units come
 * from.
 */
void coverage_give(const struct probe_run *p, const struct iommu_described all[IOMMU_KINDS],
                   struct iommu_map *out);

#endif
