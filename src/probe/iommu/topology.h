/* SPDX-License-Identifier: MIT */
/*
 * The PCI tree in the terms of tables: the bridge above each function, and the id that its requests
 * carry.
 */
#ifndef PROBE_IOMMU_TOPOLOGY_H
#define PROBE_IOMMU_TOPOLOGY_H

#include "parse/pci/pci.h"
#include "vbscheck/iommu_map.h"

struct topology {
    const struct pci_tree *tree;
    size_t *parents;    /* of each function: index of the bridge above it, or NO_INDEX */
    bool lacks_buses;   /* some bridge does not show its buses */
    bool tells_express; /* some function is a PCI Express one, so that others need not be */
    size_t vmd;         /* the only VMD controller there is, or NO_INDEX */
};

/*
 * Finds the bridge above each function by the buses that bridges forward. A bridge whose secondary
 * bus is not above its own is not configured and forwards nothing, so a parent's index is always
 * below its child's, even for hostile evidence. Takes time in proportion to the functions.
 */
void topology_build(struct topology *t, const struct pci_tree *tree, struct arena *a);

/*
 * The function at the end of a path of device and function pairs from bus `bus` of `segment`
 * (VT-d 8.3.1), or NO_INDEX.
 */
size_t topology_resolve(const struct topology *t, uint32_t segment, uint8_t bus, struct span path);

/*
 * Ids of other functions that the requests of a conventional device carry because of bridges in
 * between (PCIe-to-PCI Bridge Specification 1.0, section 2.3).
 */
enum { ALIASES_MAX = 8 };
size_t topology_aliases(const struct topology *t, size_t function, uint16_t out[ALIASES_MAX]);

/*
 * The function that represents `function` in the tables of firmware: for an SR-IOV virtual function
 * the physical one, for a function behind VMD the controller, else itself. NO_INDEX if nothing
 * shows which controller.
 */
size_t topology_stand_in(const struct topology *t, size_t function);

#endif
