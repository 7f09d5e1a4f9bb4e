/* SPDX-License-Identifier: MIT */
#include "probe/iommu/driven.h"

#include "parse/sysfs_iommu.h"
#include "probe/iommu/logged.h"
#include "vbscheck/count.h"

#define BLOB "sys/iommu"

/* Names used by Linux's drivers: intel/dmar.c, amd/init.c, arm-smmu-v3.c and arm-smmu.c. */
static const struct driver {
    const char *prefix;
    enum iommu_kind kind;
    enum told translates;
    const char *translation;
} drivers[] = {
    {"dmar", IOMMU_VTD, NOT_TOLD, NULL},
    {"ivhd", IOMMU_AMD_VI, NOT_TOLD, "the table shows whether firmware switched translation off"},
    {"smmu", IOMMU_SMMU, TOLD_YES, "every SMMU translates"},
};

static const struct driver *driver_of(struct span name)
{
    for (size_t i = 0; i < COUNT(drivers); i++) {
        if (span_starts(name, drivers[i].prefix))
            return &drivers[i];
    }
    return NULL;
}

size_t driven_units(const struct snapshot *s, struct arena *a, struct iommu_unit **out, bool *whole)
{
    struct sysfs_iommu sys;
    size_t n = 0;
    sysfs_iommu_parse(snap_get(s, BLOB).data, a, &sys);
    *out = sys.n > 0 ? arena_new(a, struct iommu_unit, sys.n) : NULL;
    for (size_t i = 0; i < sys.n; i++) {
        const struct driver *d = driver_of(sys.units[i].name);
        if (d == NULL)
            continue;
        (*out)[n++] = (struct iommu_unit){
            .kind = d->kind,
            .name = arena_text(a, sys.units[i].name),
            .serves = "driven by the kernel",
            .base = sys.units[i].base,
            .blob = BLOB,
            .translates = d->translates,
            .seen_in = BLOB,
            .translation = d->translation,
        };
    }
    *whole = true; /* the driver shows each unit that it drives */
    return n > 0 ? n : logged_units(snap_get(s, "efi/kernel-log").data, a, out, whole);
}
