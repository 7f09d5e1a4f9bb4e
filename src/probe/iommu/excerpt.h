/* SPDX-License-Identifier: MIT */
/* Whether a list of PCI functions is an excerpt. */
#ifndef PROBE_IOMMU_EXCERPT_H
#define PROBE_IOMMU_EXCERPT_H

#include "probe/iommu/topology.h"
#include "probe/probe.h"

/*
 * Captures and /sys are always complete. Loose lspci text of an x86 machine not known to be a guest
 * is an excerpt if it lacks 0000:00:00.0, or if a DMA-capable function is on a bus above 00 to
 * which no listed bridge leads and which has no function of class 06 or 08, as each root of a
 * server has.
 */
bool pci_is_excerpt(const struct probe_run *p, const struct topology *t);

#endif
