/* SPDX-License-Identifier: MIT */
/* Platform devices that the IORT lists in addition to PCI functions. */
#ifndef PROBE_IOMMU_COMPONENTS_H
#define PROBE_IOMMU_COMPONENTS_H

#include "probe/iommu/iommu_kinds.h"

/*
 * Sets iommu.components-uncovered from the map's counts; `has_functions`: a list of PCI functions
 * was read.
 *
 * Returns true if platform devices alone decide coverage because the machine has no PCI: an IORT
 * without root complex, and no MCFG in a complete list of tables. It then also sets the facts that
 * count functions.
 */
bool components_give(const struct probe_run *p, const struct iommu_described all[IOMMU_KINDS],
                     const struct iommu_map *map, bool has_functions);

#endif
