/* SPDX-License-Identifier: MIT */
/*
 * The blob `efi/memattr-steps` (docs/vbscheck-snapshot.5): the search for the Memory Attributes
 * Table, one step per line.
 */
#ifndef PARSE_MEMATTR_STEPS_H
#define PARSE_MEMATTR_STEPS_H

#include "vbscheck/span.h"

enum { MEMATTR_STEPS_KEPT = 8 };

/* Spans are borrowed from the text. */
struct memattr_steps {
    bool has_address;  /* it was found outside the log: "address kallsyms 0x3cb86018" */
    bool has_bytes;    /* "bytes kcore ok 1072" */
    struct span route; /* of the first such line: "kcore" */
    struct span lines[MEMATTR_STEPS_KEPT]; /* the first ones, as they are */
    size_t n_lines;
};

/* Reads any text. */
void memattr_steps_parse(struct span text, struct memattr_steps *out);

#endif
