/* SPDX-License-Identifier: MIT */
/*
 * IOMMUs that the running kernel drives. They replace the firmware's tables if these cannot be
 * read: as an ordinary user, or on Arm machines that were started with a device tree.
 */
#ifndef PROBE_IOMMU_DRIVEN_H
#define PROBE_IOMMU_DRIVEN_H

#include "probe/probe.h"
#include "vbscheck/iommu_map.h"

/*
 * The units in the blob `sys/iommu`, or else those in the kernel's log, in `a`. Returns their
 * number; `*whole` is true if they are known to be all the units that decide.
 */
size_t driven_units(const struct snapshot *s, struct arena *a, struct iommu_unit **out,
                    bool *whole);

#endif
