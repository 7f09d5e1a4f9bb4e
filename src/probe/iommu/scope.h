/* SPDX-License-Identifier: MIT */
/* The PCI functions that are "I/O devices capable of DMA" in Microsoft's table. */
#ifndef PROBE_IOMMU_SCOPE_H
#define PROBE_IOMMU_SCOPE_H

#include "vbscheck/pci.h"

enum scope {
    SCOPE_OUT,  /* bridges, and classes that never master the bus */
    SCOPE_IN,   /* may master the bus */
    SCOPE_IDLE, /* may or may not by its class, and its Bus Master bit is clear */
    SCOPE_OPEN, /* the same, and the bit was not recorded */
};

/* A function of unknown class is in scope: nothing shows that it cannot. */
enum scope scope_of(const struct pci_function *f);

#endif
