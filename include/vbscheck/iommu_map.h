/* SPDX-License-Identifier: MIT */
/*
 * Which IOMMU each PCI function is behind, according to the firmware's tables and the PCI tree. The
 * probe draws this map up, rules use its counts, and reports print it.
 */
#ifndef VBSCHECK_IOMMU_MAP_H
#define VBSCHECK_IOMMU_MAP_H

#include "vbscheck/pci.h"
#include "vbscheck/status.h"

enum iommu_kind { IOMMU_VTD, IOMMU_AMD_VI, IOMMU_SMMU };

/* One IOMMU or SMMU, described by any table. */
struct iommu_unit {
    enum iommu_kind kind;
    const char *name;   /* "DRHD fed90000" */
    const char *serves; /* "segment 0, all that no other unit takes" */
    const char *blob;   /* table that describes it ... */
    size_t offset;      /* ... from this byte on */
    uint32_t segment;
    uint64_t base;           /* of its registers */
    uint64_t efr;            /* AMD-Vi: the table's image of the feature register; 0: none */
    enum told translates;    /* it offers a translation stage */
    enum status unseen;      /* why `translates` is unknown */
    const char *seen_in;     /* blob that reports translation, or would */
    const char *translation; /* in words; NULL: no remark */
    bool takes_all;          /* it serves all of its segment that no other unit serves */
    bool dead;               /* nothing answered the kernel at its registers */
    bool suspect;            /* access to the log that shows whether it answers was denied */
    bool in_use;             /* something capable of DMA is behind it */
};

enum standing {
    STANDS_BEHIND,   /* a unit */
    STANDS_FREE,     /* behind no unit */
    STANDS_DISPUTED, /* the kernel's groups contradict the tables */
    STANDS_UNKNOWN,  /* the evidence does not show it */
};

#define NO_INDEX SIZE_MAX

struct iommu_function {
    const struct pci_function *pci;
    size_t parent;  /* index of the bridge above it, or NO_INDEX; always below its own */
    unsigned depth; /* bridges above it */
    bool in_scope;  /* capable of DMA as Microsoft's table means it */
    bool faces_out; /* a port that firmware marked: external devices are plugged in here */
    enum standing standing;
    size_t unit;        /* index, or NO_INDEX */
    enum status reason; /* with STANDS_UNKNOWN */
    const char *why;    /* why it is not behind a unit; NULL if it is */
};

struct iommu_map {
    struct iommu_unit *units;
    size_t n_units;
    struct iommu_function *functions; /* in the order of their addresses */
    size_t n_functions;
    uint32_t *whole; /* segments in which every function is behind some unit */
    size_t n_whole;
    /* Devices in the IORT that are not PCI functions: all, and those mapped past every SMMU ... */
    unsigned components, components_free;
    unsigned components_its; /* ... and those mapped to interrupts alone */
    /* Firmware has several different tables of one kind; this map is made from the first. */
    bool tables_differ;
    bool driven;       /* no table could be read: these are the units that the kernel drives */
    bool cut;          /* some of those units may be missing: a log does not show all */
    bool tells_groups; /* a function without a group is in none: the evidence would show it */
};

#endif
