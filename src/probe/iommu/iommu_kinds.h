/* SPDX-License-Identifier: MIT */
/* The kinds of tables that describe IOMMUs, alike for the probe. */
#ifndef PROBE_IOMMU_IOMMU_KINDS_H
#define PROBE_IOMMU_IOMMU_KINDS_H

#include "parse/acpi/dmar.h"
#include "parse/acpi/iort.h"
#include "parse/acpi/ivrs.h"
#include "probe/acpi.h"
#include "probe/iommu/cover.h"

/* A table of any kind, parsed. */
union table {
    struct dmar dmar;
    struct ivrs ivrs;
    struct iort iort;
};

/* What a table says to the questions that all kinds answer. */
struct claims {
    unsigned units;
    bool opt_in;
    unsigned platform; /* devices named that are no PCI functions */
};

enum { MAX_COUNTS = 12, MAX_FIELDS = 4, KINDS = 3 };

/* One kind of table. */
struct kind {
    const char *signature;
    bool x86; /* no other machine can have it */
    enum fact_id present;
    enum fact_id counts[MAX_COUNTS]; /* 0 where the table is absent; FACT_NONE ends */
    enum fact_id fields[MAX_FIELDS]; /* nothing where the table is absent; FACT_NONE ends */
    size_t opt_in_offset;            /* 0: this kind of table cannot claim protection before boot */
    enum status (*parse)(struct span table, struct arena *a, union table *out, struct fault *fault);
    struct claims (*claims)(const union table *t);
    void (*give)(const struct probe_run *p, const char *blob, const union table *t);
    void (*cover)(const struct cover_run *c, const union table *t, struct answer *out);
};

/* What is known of one kind of table on this machine. */
struct described {
    enum status st;          /* ST_OK, ST_ABSENT, or why it is not known */
    enum status opt_in_st;   /* ST_OK if opt_in is known */
    enum status coverage_st; /* ST_OK if the table may be asked what it covers */
    struct claims claims;
    struct origin opt_in_from;
    const char *blob;
    const union table *table; /* the first one; NULL where there is none that can be judged */
};

/*
 * One reason out of several: "not in the evidence" says least, "not there" says nothing. Returns
 * the index of the kind that gives it, or 0.
 */
size_t iommu_weightiest(const enum status st[KINDS]);

/* DMAR, IVRS and IORT. */
extern const struct kind iommu_kinds[KINDS];

#endif
