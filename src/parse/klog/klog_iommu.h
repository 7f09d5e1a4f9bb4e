/* SPDX-License-Identifier: MIT */
/*
 * Units that the kernel's log names, whether or not its driver uses them
 * (drivers/iommu/intel/dmar.c, drivers/iommu/amd/init.c, drivers/iommu/arm):
 *
 *   DMAR: DRHD base: 0x000000fed91000 flags: 0x1
 *   DMAR: dmar0: reg_base_addr fed91000 ver 1:0 cap d2008c40660462 ecap f050da
 *   DMAR: [Firmware Bug]: Your BIOS is broken; DMAR reported at address fbffc000 returns all ones!
 *   pci 0000:00:00.2: AMD-Vi: Found IOMMU cap 0x40
 *   arm-smmu-v3 arm-smmu-v3.0.auto: ias 44-bit, oas 44-bit (features 0x00008305)
 */
#ifndef PARSE_KLOG_KLOG_IOMMU_H
#define PARSE_KLOG_KLOG_IOMMU_H

#include "vbscheck/arena.h"
#include "vbscheck/span.h"

/* One VT-d unit. */
struct klog_drhd {
    uint64_t base;
    bool takes_all; /* INCLUDE_PCI_ALL, of its segment */
    bool dead;      /* nothing answers at `base` */
};

struct klog_iommu {
    struct klog_drhd *drhds; /* each base once, in the order of the log */
    size_t n;
    bool whole;              /* the log shows that `drhds` are all units of the machine */
    bool vtd;                /* the driver mentions VT-d units, named or not */
    size_t amd;              /* AMD-Vi units; at least 1 if the driver mentions any */
    size_t smmus;            /* SMMUs of any version */
    bool smmu_without_stage; /* the driver says that one of them cannot translate */
};

enum { KLOG_IOMMUS_MAX = 64 };

/* Reads any log. A unit at address 0 is ignored. */
void klog_iommu_read(struct span log, struct arena *a, struct klog_iommu *out);

#endif
