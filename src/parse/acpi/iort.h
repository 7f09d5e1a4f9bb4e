/* SPDX-License-Identifier: MIT */
/* I/O remapping table: Arm DEN 0049, "IO Remapping Table". */
#ifndef PARSE_ACPI_IORT_H
#define PARSE_ACPI_IORT_H

#include "vbscheck/arena.h"
#include "vbscheck/span.h"

enum iort_type {
    IORT_ITS = 0,
    IORT_NAMED_COMPONENT = 1,
    IORT_ROOT_COMPLEX = 2,
    IORT_SMMU_V2 = 3, /* versions 1 and 2 */
    IORT_SMMU_V3 = 4,
    IORT_PMCG = 5,
    IORT_RMR = 6,
    IORT_TYPES = 7
};

/* Flag of a mapping: the output is its base for any input; `first` and `last` have no meaning. */
enum { IORT_SINGLE_MAPPING = 1 << 0 };

/* Some firmware has mappings to offset 0. Linux, too, ignores such a mapping. */
#define IORT_NOWHERE SIZE_MAX

struct iort_mapping {
    size_t offset;        /* in the table */
    uint32_t first, last; /* input ids, both included */
    uint32_t output;      /* what `first` becomes */
    uint32_t flags;
    size_t target; /* index of the node that takes the output, or IORT_NOWHERE */
};

struct iort_node {
    size_t offset; /* in the table */
    uint8_t type;  /* IORT_TYPES and above: unknown */
    uint8_t revision;
    uint32_t segment; /* of a root complex */
    uint64_t base;    /* registers of an SMMU */
    struct span name; /* of a named component: its path in the ACPI namespace, borrowed */
    struct iort_mapping *mappings;
    size_t n_mappings;
};

struct iort {
    uint8_t revision;
    unsigned counts[IORT_TYPES];
    unsigned unknown;              /* nodes of other types */
    unsigned mappings;             /* ID mappings of all nodes */
    unsigned memory_ranges;        /* of RMR nodes */
    const struct iort_node *nodes; /* in the order of the table */
    size_t n_nodes;
};

/*
 * Parses a whole IORT: nodes follow one another from the node offset on, each node's array of ID
 * mappings must lie inside it, ids must not run over 32 bits, and every mapping must lead to the
 * start of a node, or to offset 0, which is nowhere. Nodes of unknown type are skipped by their
 * length. The data that *out points to is in `a`. Returns ST_OK or ST_MALFORMED (with *fault, if
 * not NULL); *out is written on success only.
 */
enum status iort_parse(struct span table, struct arena *a, struct iort *out, struct fault *fault);

#endif
