/* SPDX-License-Identifier: MIT */
/*
 * Capability registers of VT-d units (specification 11.4.2 and 11.4.3), as Linux shows them: below
 * /sys/class/iommu once its driver runs, and in the kernel's log even if the driver is disabled.
 */
#ifndef PARSE_VTD_H
#define PARSE_VTD_H

#include "vbscheck/arena.h"
#include "vbscheck/span.h"

struct vtd_unit {
    uint64_t base; /* of its registers */
    uint64_t cap, ecap;
    bool from_log; /* else it is what the driver shows */
};

/* More than any machine has, in both places together; the rest is not seen. */
enum { VTD_UNITS_MAX = 8192 };

struct vtd_units {
    struct vtd_unit *items; /* in the order of their bases, each once */
    size_t n;
};

/*
 * Reads all units out of the blob `sys/iommu` and of a kernel log; if both have one, the driver's
 * values count. Units with a missing part are left out, as are registers that read as all ones:
 * nothing answered.
 */
void vtd_parse(struct span sys, struct span log, struct arena *a, struct vtd_units *out);

/*
 * Bases of units at which nothing answers, according to the log: "DMAR reported at address fed91000
 * returns all ones!" (drivers/iommu/intel/dmar.c, warn_invalid_dmar). Returns how many.
 */
size_t vtd_parse_dead(struct span log, struct arena *a, uint64_t **out);

/* The unit whose registers are at `base`, or NULL. */
const struct vtd_unit *vtd_find(const struct vtd_units *u, uint64_t base);

/* True if the unit has a translation stage: second-stage tables, or a stage of scalable mode. */
bool vtd_translates(const struct vtd_unit *u);

/* "39, 48 bit": the widths of second-stage tables, in `a`; "" for none. */
const char *vtd_widths(const struct vtd_unit *u, struct arena *a);

#endif
