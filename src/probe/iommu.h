/* SPDX-License-Identifier: MIT */
/* The kinds of tables that describe IOMMUs, alike for the probe. */
#ifndef PROBE_IOMMU_H
#define PROBE_IOMMU_H

#include "parse/dmar.h"
#include "parse/iort.h"
#include "parse/ivrs.h"
#include "probe/acpi.h"

/* A table of any kind, parsed. */
union table {
    struct dmar dmar;
    struct ivrs ivrs;
    struct iort iort;
};

/* What a table says to the questions that all kinds answer. */
struct claims {
    unsigned units;
    bool has_opt_in; /* this kind of table can claim protection before boot */
    bool opt_in;
};

enum { MAX_COUNTS = 12, MAX_FIELDS = 4, KINDS = 3 };

/* One kind of table. */
struct kind {
    const char *signature;
    enum fact_id present;
    enum fact_id counts[MAX_COUNTS]; /* 0 where the table is absent; FACT_COUNT ends */
    enum fact_id fields[MAX_FIELDS]; /* nothing where the table is absent; FACT_COUNT ends */
    size_t opt_in_offset;
    enum status (*parse)(struct span table, struct arena *a, union table *out, struct fault *fault);
    struct claims (*claims)(const union table *t);
    void (*give)(const struct probe_run *p, const char *blob, const union table *t);
};

/* DMAR, IVRS and IORT. */
extern const struct kind iommu_kinds[KINDS];

#endif
