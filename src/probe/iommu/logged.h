/* SPDX-License-Identifier: MIT */
/* IOMMUs that the kernel's log names: what stands in for tables where there is nothing else. */
#ifndef PROBE_IOMMU_LOGGED_H
#define PROBE_IOMMU_LOGGED_H

#include "probe/probe.h"
#include "vbscheck/iommu_map.h"

/*
 * The units that a log names, in `a`. Returns how many; `*whole` tells whether they are shown to be
 * all that decide, or may lack some: a log that was cut names those that are left.
 */
size_t logged_units(struct span log, struct arena *a, struct iommu_unit **out, bool *whole);

#endif
