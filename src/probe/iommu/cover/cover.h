/* SPDX-License-Identifier: MIT */
/* One table's answer for every function: the unit in front of the function. */
#ifndef PROBE_IOMMU_COVER_H
#define PROBE_IOMMU_COVER_H

#include "parse/acpi/dmar.h"
#include "parse/acpi/iort.h"
#include "parse/acpi/ivrs.h"
#include "probe/iommu/topology.h"
#include "probe/probe.h"

/* A table's answer for one function. */
struct cover_answer {
    enum status st;  /* ST_OK, or why table and tree do not decide */
    size_t unit;     /* index in the map, or NO_INDEX: behind none of this table's units */
    const char *why; /* unless it is behind a unit: the missing part, a constant */
};

struct cover_run {
    const struct probe_run *p;
    const struct topology *top;
    struct iommu_map *map; /* a table adds its units */
    const char *blob;      /* the table's blob */
};

/*
 * Each adds the table's units to the map, decides the place of every function of the topology (one
 * answer each, in their order), and notes memory that firmware leaves open to some of them. Time is
 * n log n in the entries of table and tree.
 *
 * cover_dmar: VT-d 8.3, and Linux's dmar_find_matched_drhd_unit() for sloppy firmware.
 * cover_ivrs: AMD 48882 5.2.2. cover_iort: DEN 0049, and Linux's iort_node_map_id().
 */
void cover_dmar(const struct cover_run *c, const struct dmar *d, struct cover_answer *out);
void cover_ivrs(const struct cover_run *c, const struct ivrs *i, struct cover_answer *out);
void cover_iort(const struct cover_run *c, const struct iort *i, struct cover_answer *out);

/* Adds a unit to the map; its strings are borrowed. Returns its index. */
size_t cover_add_unit(const struct cover_run *c, struct iommu_unit unit);

/* Every function of this segment is behind some unit. */
void cover_whole_segment(const struct cover_run *c, uint32_t segment);

/*
 * The answer for a function that was not found: behind no unit, because of `why`, unless the tree
 * does not show which bridge it is below.
 */
struct cover_answer cover_none(const struct cover_run *c, size_t function, const char *why);

/* Most notes about memory that stays open; one more gives the number of the rest. */
enum { OPEN_MEMORY_NOTES = 16 };

#endif
