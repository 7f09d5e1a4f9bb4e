/* SPDX-License-Identifier: MIT */
/* Coverage without a whole list of functions: where tables take all of every segment there is. */
#ifndef PROBE_IOMMU_WHOLE_H
#define PROBE_IOMMU_WHOLE_H

#include "probe/iommu/iommu_kinds.h"

/*
 * Gives iommu.functions-uncovered where the list of functions left it open and the tables do not:
 * the MCFG names every segment, and each is one of which every function is behind some unit. To be
 * called when units and functions are judged.
 */
void whole_give(const struct probe_run *p, const struct iommu_described all[IOMMU_KINDS],
                const struct iommu_map *map);

#endif
