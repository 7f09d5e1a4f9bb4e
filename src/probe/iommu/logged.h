/* SPDX-License-Identifier: MIT */
/* IOMMUs in the kernel's log: a substitute for tables if there is no other source. */
#ifndef PROBE_IOMMU_LOGGED_H
#define PROBE_IOMMU_LOGGED_H

#include "probe/probe.h"
#include "vbscheck/iommu_map.h"

/*
 * The units in a log, in `a`. Returns their number; `*whole` is true if they are known to be all
 * the units that decide, false if some may be missing: a truncated log has only the remaining ones.
 */
size_t logged_units(struct span log, struct arena *a, struct iommu_unit **out, bool *whole);

#endif
