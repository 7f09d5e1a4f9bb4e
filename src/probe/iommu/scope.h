/* SPDX-License-Identifier: MIT */
/* Which PCI functions are "I/O devices capable of DMA" of Microsoft's table. */
#ifndef PROBE_IOMMU_SCOPE_H
#define PROBE_IOMMU_SCOPE_H

#include "vbscheck/pci.h"

enum scope {
    SCOPE_OUT,  /* bridges, and what does not master the bus by its class */
    SCOPE_IN,   /* may master the bus */
    SCOPE_IDLE, /* a system peripheral of no certain kind whose Bus Master bit is not seen set */
};

/* A function of unknown class is in: nothing says that it cannot. */
enum scope scope_of(const struct pci_function *f);

#endif
