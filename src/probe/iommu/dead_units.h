/* SPDX-License-Identifier: MIT */
/* Units at which, as the kernel found, nothing answers: they protect nothing. */
#ifndef PROBE_IOMMU_DEAD_UNITS_H
#define PROBE_IOMMU_DEAD_UNITS_H

#include "probe/iommu/cover/cover.h"

/*
 * Marks such units of the map, and of those of which only a log that was denied could tell that
 * they may be such; of `n` answers, those that rest on them become "behind none" and "denied". A
 * unit is in use if an answer rested on it, or it takes all of a segment.
 */
void dead_units_strike(const struct probe_run *p, struct iommu_map *map,
                       struct cover_answer *answers, size_t n);

/* Notes those that nothing is behind. To be called where functions are known. */
void dead_units_note(const struct probe_run *p, const struct iommu_map *map);

#endif
