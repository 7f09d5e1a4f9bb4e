/* SPDX-License-Identifier: MIT */
/* Does every unit in use have at least one stage of translation? */
#ifndef PROBE_IOMMU_TRANSLATION_H
#define PROBE_IOMMU_TRANSLATION_H

#include "probe/probe.h"
#include "vbscheck/iommu_map.h"

/*
 * Sets the facts about translation, completes the map's units, and adds findings for
 * iommu.translation. The map is that of coverage_give().
 */
void translation_give(const struct probe_run *p, struct iommu_map *map);

#endif
