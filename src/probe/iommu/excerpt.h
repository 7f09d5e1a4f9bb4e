/* SPDX-License-Identifier: MIT */
/* Whether a list of PCI functions shows to be somebody's excerpt. */
#ifndef PROBE_IOMMU_EXCERPT_H
#define PROBE_IOMMU_EXCERPT_H

#include "probe/iommu/topology.h"
#include "probe/probe.h"

/*
 * Captures and /sys are whole by themselves. Loose lspci text of an x86 machine that is not shown
 * to be a guest is an excerpt without 0000:00:00.0, or where a function capable of DMA sits on a
 * bus above 00 to which no listed bridge leads, and on which there is no function of class 06 or
 * 08, as each of a server's many roots has.
 */
bool pci_is_excerpt(const struct probe_run *p, const struct topology *t);

#endif
