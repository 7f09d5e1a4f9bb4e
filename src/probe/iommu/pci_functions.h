/* SPDX-License-Identifier: MIT */
/* The PCI functions of a snapshot, with the IOMMU groups that the kernel gave them. */
#ifndef PROBE_IOMMU_PCI_FUNCTIONS_H
#define PROBE_IOMMU_PCI_FUNCTIONS_H

#include "parse/pci/pci.h"
#include "probe/probe.h"

/*
 * Reads the blob `pci` and, if that has no groups, the groups in the kernel's log. The tree is
 * `cut` if the blob is incomplete. Adds a note about a malformed blob.
 *
 * tree->tells_groups is true only if a function without a group has none: a log proves the groups
 * that it names, and nothing about the others.
 * Returns ST_OK with at least one function, or why there is none.
 */
enum status functions_read(const struct probe_run *p, struct pci_tree *tree);

#endif
