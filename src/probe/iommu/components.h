/* SPDX-License-Identifier: MIT */
/* Devices of the platform that the IORT names beside PCI functions. */
#ifndef PROBE_IOMMU_COMPONENTS_H
#define PROBE_IOMMU_COMPONENTS_H

#include "probe/iommu/iommu_kinds.h"

/*
 * Gives iommu.components-uncovered of what the map counted; `has_functions`: a list of PCI
 * functions was read.
 *
 * Returns true if they alone decide coverage, since the machine has no PCI: an IORT without root
 * complex, and no MCFG in a whole list of tables. The facts that count functions are given then.
 */
bool components_give(const struct probe_run *p, const struct iommu_described all[IOMMU_KINDS],
                     const struct iommu_map *map, bool has_functions);

#endif
