/* SPDX-License-Identifier: MIT */
/* Units that do not answer, as the kernel found: they protect nothing. */
#ifndef PROBE_IOMMU_DEAD_UNITS_H
#define PROBE_IOMMU_DEAD_UNITS_H

#include "probe/iommu/cover/cover.h"

/*
 * Marks such units of the map, and units that may be such because the log was denied; of the `n`
 * answers, those that rest on them become "behind none" and "denied". A unit is in use if an answer
 * rested on it, or if it covers a whole segment.
 */
void dead_units_strike(const struct probe_run *p, struct iommu_map *map,
                       struct cover_answer *answers, size_t n);

/* Notes dead units with nothing behind them. Call it only if functions are known. */
void dead_units_note(const struct probe_run *p, const struct iommu_map *map);

#endif
