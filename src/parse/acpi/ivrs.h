/* SPDX-License-Identifier: MIT */
/* I/O virtualization reporting structure: AMD I/O Virtualization Technology (IOMMU)
 * specification 48882, section 5.2. */
#ifndef PARSE_ACPI_IVRS_H
#define PARSE_ACPI_IVRS_H

#include "vbscheck/arena.h"
#include "vbscheck/span.h"

enum {
    IVRS_EFR_SUP = 1 << 0,
    IVRS_DMA_REMAP = 1 << 1, /* firmware protected memory from DMA before boot */
};

enum { IVRS_IVINFO_OFFSET = 36 };

/* Types of blocks; an IOMMU is described once by each IVHD type that the firmware knows. */
enum {
    IVHD_10 = 0x10,
    IVHD_11 = 0x11, /* with the image of the extended feature register */
    IVHD_40 = 0x40, /* the same, with entries for ACPI devices */
    IVMD_ALL = 0x20,
    IVMD_ONE = 0x21,
    IVMD_RANGE = 0x22,
};

/* Attributes of 11h and 40h blocks, 5.2.2.1. */
enum { IVHD_HATDIS = 1 << 0 /* host address translation is disabled */ };

enum { IVMD_EXCLUSION = 1 << 3 };

/* Devices that an IVHD block assigns to its IOMMU: one, a range, or the whole segment. */
struct ivhd_range {
    uint16_t first, last; /* requester ids, both included; 0 and FFFFh for all */
    bool has_alias;
    uint16_t alias; /* id that their requests carry */
};

struct ivhd {
    size_t offset;
    uint8_t type, flags;
    uint16_t device; /* requester id of the IOMMU itself */
    uint16_t segment;
    uint64_t base;         /* of its registers */
    uint32_t attributes;   /* of 11h and 40h */
    uint64_t efr;          /* of 11h and 40h */
    unsigned acpi_devices; /* entries of type F0h */
    const struct ivhd_range *ranges;
    size_t n_ranges;
};

struct ivmd {
    size_t offset;
    uint8_t type, flags;
    uint16_t first, last; /* requester ids, both included; 0 and FFFFh for all */
    uint16_t segment;
    uint64_t start, length; /* memory */
};

enum { IVRS_ENTRY_TYPES = 256 };

struct ivrs {
    uint8_t revision;
    uint32_t ivinfo;
    unsigned ivhd_10, ivhd_11, ivhd_40; /* blocks */
    unsigned ivmd;                      /* blocks 20h to 22h */
    unsigned unknown;                   /* blocks of other types (50h to 52h are seen) */
    unsigned unfinished;                /* ranges of devices that begin and do not end */
    unsigned device_entries;            /* over all IVHD blocks, padding included */
    unsigned entries_of_type[IVRS_ENTRY_TYPES];
    unsigned units;           /* distinct IOMMUs: segment, device id and base address */
    uint8_t used;             /* the IVHD type that counts: the highest one; 0 without one */
    const struct ivhd *ivhds; /* all blocks, in the order of the table */
    size_t n_ivhds;
    const struct ivmd *ivmds;
    size_t n_ivmds;
};

/*
 * Parses a whole IVRS. One IOMMU is described once by each IVHD type the firmware knows, so units
 * are counted by identity and not by block. Blocks of unknown type are skipped by length.
 * The data that *out points to is in `a`.
 * Returns ST_OK or ST_MALFORMED (with *fault, if not NULL); *out is written on success only.
 */
enum status ivrs_parse(struct span table, struct arena *a, struct ivrs *out, struct fault *fault);

#endif
