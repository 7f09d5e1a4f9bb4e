/* SPDX-License-Identifier: MIT */
#include "probe/iommu/logged.h"

#include "parse/klog/klog_iommu.h"

#define BLOB "efi/kernel-log"

static struct iommu_unit unit_of(enum iommu_kind kind, const char *name)
{
    return (struct iommu_unit){
        .kind = kind,
        .name = name,
        .serves = "named in the kernel's log",
        .blob = BLOB,
        .translates = kind == IOMMU_SMMU ? TOLD_YES : NOT_TOLD,
        .unseen = ST_NOT_COLLECTED,
        .seen_in = BLOB,
        .translation = kind == IOMMU_SMMU ? "every SMMU translates" : NULL,
    };
}

/*
 * Each VT-d unit may lack a stage, so all of them have to be in the log. For AMD-Vi units the log
 * shows no stage, and every SMMU has one.
 */
size_t logged_units(struct span log, struct arena *a, struct iommu_unit **out, bool *whole)
{
    struct klog_iommu l;
    klog_iommu_read(log, a, &l);
    size_t vtd = l.n > 0 ? l.n : l.vtd ? 1 : 0, n = 0;
    struct iommu_unit *units = arena_new(a, struct iommu_unit, vtd + l.amd + l.smmus);
    for (size_t i = 0; i < vtd; i++) {
        units[n] = unit_of(IOMMU_VTD, "VT-d unit");
        if (l.n > 0) {
            units[n].base = l.drhds[i].base;
            units[n].takes_all = l.drhds[i].takes_all;
            units[n].name = arena_printf(a, "DRHD %llx", (unsigned long long)units[n].base);
        }
        n++;
    }
    for (size_t i = 0; i < l.amd; i++)
        units[n++] = unit_of(IOMMU_AMD_VI, "AMD-Vi unit");
    for (size_t i = 0; i < l.smmus; i++) {
        units[n] = unit_of(IOMMU_SMMU, "SMMU");
        if (l.smmu_without_stage) { /* the log does not show which SMMU it means */
            units[n].translates = NOT_TOLD;
            units[n].translation = NULL;
        }
        n++;
    }
    *out = units;
    *whole = vtd == 0 || l.whole;
    return n;
}
