/* SPDX-License-Identifier: MIT */
/* Faults of the entries of a Memory Attributes Table, one finding each. */
#ifndef PROBE_MEMATTR_MEMATTR_ENTRIES_H
#define PROBE_MEMATTR_MEMATTR_ENTRIES_H

#include "probe/probe.h"
#include "vbscheck/efi_memory.h"

/* A table, and the data it is compared with. */
struct mat_case {
    const struct probe_run *p;
    const char *blob; /* the blob of the entries */
    size_t stride;    /* bytes of an entry in it; 0 if they were rebuilt from a log */
    const struct efi_region *entries; /* runtime code and data, in the order of the table */
    size_t n;
    const struct efi_region *map; /* runtime regions of the memory map, in any order */
    size_t n_map;
    size_t n_unmarked;      /* regions of the map that lack the bit of runtime memory */
    struct mat_mark *marks; /* one per entry: the sum of its findings */
    bool silent;            /* count only: add no finding for a broken rule */
};

/*
 * Each checks one rule and adds its findings. They return how many entries (or regions) break it.
 * Time is n log n.
 *
 * mat_layout: alignment, size, order, overlap, the attribute RUNTIME (UEFI 2.10 section 4.6;
 * Microsoft's table). mat_containment: entries within one run of runtime regions of their type.
 * mat_coverage: runtime regions that entries leave out. mat_unprotected: neither RO nor XP.
 * mat_executable_data: data without XP.
 *
 * Two rules have two such functions. Pass the first result to the second, so that both keep to one
 * limit of findings.
 */
size_t mat_layout(const struct mat_case *m);
size_t mat_containment(const struct mat_case *m);
size_t mat_coverage(const struct mat_case *m, size_t before);
size_t mat_unprotected(const struct mat_case *m);
size_t mat_executable_data(const struct mat_case *m, size_t before);

/* Does the table or the map have runtime code; does the table have any without XP? */
bool mat_has_code(const struct mat_case *m);
bool mat_has_executable_code(const struct mat_case *m);

/* Adds a finding if no runtime code can be executed. */
void mat_find_unexecutable(const struct mat_case *m);

#endif
