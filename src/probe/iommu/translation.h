/* SPDX-License-Identifier: MIT */
/* At least one stage of translation in every unit in use. */
#ifndef PROBE_IOMMU_TRANSLATION_H
#define PROBE_IOMMU_TRANSLATION_H

#include "probe/probe.h"
#include "vbscheck/iommu_map.h"

/*
 * Gives the facts on translation, completes the map's units, and adds findings for
 * iommu.translation. The map is that of coverage_give().
 */
void translation_give(const struct probe_run *p, struct iommu_map *map);

#endif
