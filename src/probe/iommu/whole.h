/* SPDX-License-Identifier: MIT */
/* Coverage without a complete list of functions: tables may cover every segment as a whole. */
#ifndef PROBE_IOMMU_WHOLE_H
#define PROBE_IOMMU_WHOLE_H

#include "probe/iommu/iommu_kinds.h"

/*
 * Sets iommu.functions-uncovered if the list of functions left it open and the tables decide: the
 * MCFG names every segment, and in each one all functions are behind some unit. Call it after units
 * and functions are judged.
 */
void whole_give(const struct probe_run *p, const struct iommu_described all[IOMMU_KINDS],
                const struct iommu_map *map);

#endif
