/* SPDX-License-Identifier: MIT */
/* I/O virtualization reporting structure: AMD I/O Virtualization Technology (IOMMU)
 * specification 48882, section 5.2. */
#ifndef PARSE_IVRS_H
#define PARSE_IVRS_H

#include "vbscheck/span.h"

enum {
    IVRS_EFR_SUP = 1 << 0,
    IVRS_DMA_REMAP = 1 << 1, /* firmware protected memory from DMA before boot */
};

enum { IVRS_IVINFO_OFFSET = 36 };

struct ivrs {
    uint8_t revision;
    uint32_t ivinfo;
    unsigned ivhd_10, ivhd_11, ivhd_40; /* blocks */
    unsigned ivmd;                      /* blocks 20h to 22h */
    unsigned unknown;                   /* blocks of other types (50h to 52h are seen) */
    unsigned device_entries;            /* over all IVHD blocks, padding included */
    unsigned units;                     /* distinct IOMMUs: segment, device id and base address */
};

/*
 * Parses a whole IVRS. One IOMMU is described once by each IVHD type the firmware knows, so units
 * are counted by identity and not by block. Blocks of unknown type are stepped over by length.
 * Returns ST_OK or ST_MALFORMED (with *fault, if not NULL); *out is written on success only.
 */
enum status ivrs_parse(struct span table, struct ivrs *out, struct fault *fault);

#endif
