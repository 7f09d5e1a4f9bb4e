/* SPDX-License-Identifier: MIT */
#include "probe/iommu/opt_in.h"

#include "parse/klog/klog.h"
#include "parse/sysfs_thunderbolt.h"

/* One domain with protection is a claim, like a table's flag. */
static void give_thunderbolt(const struct probe_run *p)
{
    struct blob b = snap_get(p->snap, "sys/thunderbolt");
    struct origin from = origin_of("sys/thunderbolt");
    struct sysfs_thunderbolt t;
    sysfs_thunderbolt_parse(b.st == ST_OK ? b.data : (struct span){0}, &t);
    if (t.told)
        facts_bool(p->facts, FACT_THUNDERBOLT_PROTECTION, t.protects, from);
    else
        facts_unknown(p->facts, FACT_THUNDERBOLT_PROTECTION, b.st == ST_OK ? ST_ABSENT : b.st,
                      from);
}

/* The kind that has units and whose table has the flag set or clear, or NULL. */
static const struct iommu_described *deciding(const struct iommu_described all[IOMMU_KINDS])
{
    for (size_t i = 0; i < IOMMU_KINDS; i++) {
        if (all[i].st == ST_OK && all[i].opt_in_st == ST_OK && all[i].claims.units > 0)
            return &all[i];
    }
    return NULL;
}

/*
 * No table decides. A table that was not read may agree with the driver; a table that contradicts
 * itself, or another one, is not replaced by the driver.
 */
static void give_without_table(const struct probe_run *p,
                               const struct iommu_described all[IOMMU_KINDS], bool claimed)
{
    enum status st[IOMMU_KINDS];
    for (size_t i = 0; i < IOMMU_KINDS; i++)
        st[i] = all[i].opt_in_st;
    size_t from = iommu_weightiest(st);
    bool unread =
        (st[from] == ST_NO_PERMISSION || st[from] == ST_NOT_COLLECTED) && !all[from].several;
    if (claimed && unread)
        facts_bool(p->facts, FACT_IOMMU_OPT_IN, true,
                   origin_of(p->log->opt_in ? "efi/kernel-log" : "sys/thunderbolt"));
    else
        facts_unknown(p->facts, FACT_IOMMU_OPT_IN, st[from] == ST_OK ? ST_ABSENT : st[from],
                      origin_of(all[from].blob));
}

/*
 * Linux shows 1 for Thunderbolt only if the table's flag is set (nhi_check_iommu() asks for
 * IOMMU_CAP_PRE_BOOT_PROTECTION), so a 1 replaces a table that was not read, and contradicts a
 * table whose flag is clear. A 0 proves nothing: there may be no outward-facing port. The line
 * "force enabled due to platform opt in" is also printed only if the flag is set.
 */
void opt_in_give(const struct probe_run *p, const struct iommu_described all[IOMMU_KINDS])
{
    give_thunderbolt(p);
    const struct iommu_described *d = deciding(all);
    bool claimed = fact_is_true(p->facts, FACT_THUNDERBOLT_PROTECTION) || p->log->opt_in;
    if (d != NULL && !d->claims.opt_in && claimed) {
        facts_unknown(p->facts, FACT_IOMMU_OPT_IN, ST_CONFLICT, d->opt_in_from);
    } else if (d != NULL) {
        facts_bool(p->facts, FACT_IOMMU_OPT_IN, d->claims.opt_in, d->opt_in_from);
    } else {
        give_without_table(p, all, claimed);
    }
}
