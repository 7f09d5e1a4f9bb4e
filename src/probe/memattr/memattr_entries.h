/* SPDX-License-Identifier: MIT */
/* Faults of the entries of a Memory Attributes Table, one finding each. */
#ifndef PROBE_MEMATTR_MEMATTR_ENTRIES_H
#define PROBE_MEMATTR_MEMATTR_ENTRIES_H

#include "probe/probe.h"
#include "vbscheck/efi_memory.h"

/* A table, and what it is held against. */
struct mat_case {
    const struct probe_run *p;
    const char *blob; /* of the entries */
    size_t stride;    /* bytes of an entry in it; 0 where they were rebuilt from a log */
    const struct efi_region *entries; /* runtime code and data, in the order of the table */
    size_t n;
    const struct efi_region *map; /* runtime regions of the memory map, in any order */
    size_t n_map;
    size_t n_unmarked;      /* regions of the map that lack the bit of runtime memory */
    struct mat_mark *marks; /* one an entry: what its findings come to */
    bool silent;            /* count only: what breaks a rule is no finding */
};

/*
 * Each looks at one rule and adds its findings. They return how many entries (or regions) break
 * it. Time is n log n.
 *
 * mat_layout: alignment, size, order, overlap, the attribute RUNTIME (UEFI 2.10 section 4.6;
 * Microsoft's table). mat_containment: entries within one run of runtime regions of their type.
 * mat_coverage: runtime regions that entries leave out. mat_unprotected: neither RO nor XP.
 * mat_executable_data: data without XP.
 *
 * Two rules have two such functions. The second is given what the first returned, so that both keep
 * to one limit of findings.
 */
size_t mat_layout(const struct mat_case *m);
size_t mat_containment(const struct mat_case *m);
size_t mat_coverage(const struct mat_case *m, size_t before);
size_t mat_unprotected(const struct mat_case *m);
size_t mat_executable_data(const struct mat_case *m, size_t before);

/* Is there runtime code in table or map; and is any of the table's without XP? */
bool mat_has_code(const struct mat_case *m);
bool mat_has_executable_code(const struct mat_case *m);

/* Adds a finding where no runtime code can be executed. */
void mat_find_unexecutable(const struct mat_case *m);

#endif
