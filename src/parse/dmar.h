/* SPDX-License-Identifier: MIT */
/* DMA remapping table: Intel VT-d specification, chapter 8 "BIOS considerations". */
#ifndef PARSE_DMAR_H
#define PARSE_DMAR_H

#include "vbscheck/span.h"

enum {
    DMAR_INTR_REMAP = 1 << 0,
    DMAR_X2APIC_OPT_OUT = 1 << 1,
    /* ACPICA calls this bit X2APIC_MODE; the specification and Linux mean the opt-in. */
    DMAR_DMA_CTRL_PLATFORM_OPT_IN = 1 << 2,
};

enum { DMAR_FLAGS_OFFSET = 37 };

enum dmar_type {
    DMAR_DRHD = 0,
    DMAR_RMRR = 1,
    DMAR_ATSR = 2,
    DMAR_RHSA = 3,
    DMAR_ANDD = 4,
    DMAR_SATC = 5,
    DMAR_SIDP = 6,
    DMAR_TYPES = 7
};

struct dmar {
    uint8_t revision;
    unsigned host_address_width; /* bits; the table holds it minus one */
    uint8_t flags;
    unsigned counts[DMAR_TYPES]; /* structures of each known type */
    unsigned unknown;            /* structures of other types */
    unsigned device_scopes;      /* scope entries of all structures */
    unsigned include_all;        /* DRHDs with INCLUDE_PCI_ALL */
};

/*
 * Parses a whole DMAR, each structure and each device scope entry of it. Structures of unknown
 * type are stepped over by their length.
 * Returns ST_OK or ST_MALFORMED (with *fault, if not NULL); *out is written on success only.
 */
enum status dmar_parse(struct span table, struct dmar *out, struct fault *fault);

#endif
