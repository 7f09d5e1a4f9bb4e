/* SPDX-License-Identifier: MIT */
/* I/O remapping table: Arm DEN 0049, "IO Remapping Table". */
#ifndef PARSE_IORT_H
#define PARSE_IORT_H

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

struct iort {
    uint8_t revision;
    unsigned nodes;
    unsigned counts[IORT_TYPES];
    unsigned unknown;  /* nodes of other types */
    unsigned mappings; /* ID mappings of all nodes */
};

/*
 * Parses a whole IORT: nodes follow one another from the node offset on, and each node's array
 * of ID mappings must lie inside it. Nodes of unknown type are stepped over by their length.
 * Returns ST_OK or ST_MALFORMED (with *fault, if not NULL); *out is written on success only.
 */
enum status iort_parse(struct span table, struct iort *out, struct fault *fault);

#endif
