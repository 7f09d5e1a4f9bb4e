/* SPDX-License-Identifier: MIT */
/* The kinds of tables that describe IOMMUs, in a common form for the probe. */
#ifndef PROBE_IOMMU_IOMMU_KINDS_H
#define PROBE_IOMMU_IOMMU_KINDS_H

#include "parse/acpi/dmar.h"
#include "parse/acpi/iort.h"
#include "parse/acpi/ivrs.h"
#include "probe/acpi.h"
#include "probe/iommu/cover/cover.h"

/* A table of any kind, parsed. */
union iommu_table {
    struct dmar dmar;
    struct ivrs ivrs;
    struct iort iort;
};

/* A table's answers to the questions common to all kinds. */
struct iommu_claims {
    unsigned units;
    bool opt_in;
    unsigned platform; /* devices in the table that are not PCI functions */
};

enum { IOMMU_COUNTS_MAX = 12, IOMMU_FIELDS_MAX = 4, IOMMU_KINDS = 3 };

/* One kind of table. */
struct iommu_kind_row {
    const char *signature;
    const char *also[2]; /* other names that the table may have; NULL: none */
    bool x86;            /* only x86 machines can have it */
    enum fact_id present;
    enum fact_id counts[IOMMU_COUNTS_MAX]; /* 0 if the table is absent; FACT_NONE ends */
    enum fact_id fields[IOMMU_FIELDS_MAX]; /* absent if the table is; FACT_NONE ends */
    size_t opt_in_offset; /* 0: this kind of table cannot claim protection before boot */
    enum status (*parse)(struct span table, struct arena *a, union iommu_table *out,
                         struct fault *fault);
    struct iommu_claims (*claims)(const union iommu_table *t);
    void (*give)(const struct probe_run *p, const char *blob, const union iommu_table *t);
    void (*cover)(const struct cover_run *c, const union iommu_table *t, struct cover_answer *out);
};

/* The state of one kind of table on this machine. */
struct iommu_described {
    enum status st;          /* ST_OK, ST_ABSENT, or why it is unknown */
    enum status opt_in_st;   /* ST_OK if opt_in is known */
    enum status coverage_st; /* ST_OK if the table can decide coverage */
    bool several;            /* listed and not readable: they may contradict each other */
    struct iommu_claims claims;
    struct origin opt_in_from;
    const char *blob;
    const union iommu_table *table; /* the first one; NULL if none can be judged */
};

/*
 * Chooses one of several reasons: "not in the evidence" has the lowest weight, "absent" none.
 * Returns the index of the chosen kind, or 0.
 */
size_t iommu_weightiest(const enum status st[IOMMU_KINDS]);

/* DMAR, IVRS and IORT. */
extern const struct iommu_kind_row iommu_kinds[IOMMU_KINDS];

#endif
