/* SPDX-License-Identifier: MIT */
/* DMA remapping table: Intel VT-d specification, chapter 8 "BIOS considerations". */
#ifndef PARSE_ACPI_DMAR_H
#define PARSE_ACPI_DMAR_H

#include "vbscheck/arena.h"
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

/* Flags of structures: bit 0 means something else in each. */
enum {
    DRHD_INCLUDE_PCI_ALL = 1 << 0,
    ATSR_ALL_PORTS = 1 << 0,
    SATC_ATC_REQUIRED = 1 << 0,
};

/* Types of device scope entries, 8.3.1. */
enum dmar_scope_type {
    DMAR_SCOPE_ENDPOINT = 1,
    DMAR_SCOPE_BRIDGE = 2, /* "sub-hierarchy": the bridge and all below it */
    DMAR_SCOPE_IOAPIC = 3,
    DMAR_SCOPE_HPET = 4,
    DMAR_SCOPE_NAMESPACE = 5, /* a device of an ANDD with the same number */
};

struct dmar_scope {
    size_t offset; /* in the table */
    uint8_t type;
    uint8_t id;       /* enumeration id */
    uint8_t bus;      /* where the path starts */
    struct span path; /* pairs of device and function, one at least */
};

struct dmar_structure {
    size_t offset; /* in the table */
    uint16_t type; /* below DMAR_TYPES */
    uint8_t flags;
    uint8_t number;       /* of an ANDD: the device's */
    uint16_t segment;     /* of all except RHSA and ANDD */
    uint64_t base, limit; /* registers of a DRHD; memory of an RMRR, the last byte included */
    const struct dmar_scope *scopes;
    size_t n_scopes;
};

struct dmar {
    uint8_t revision;
    unsigned host_address_width; /* bits; the table holds it minus one */
    uint8_t flags;
    unsigned counts[DMAR_TYPES];             /* structures of each known type */
    unsigned unknown;                        /* structures of other types */
    unsigned device_scopes;                  /* scope entries of all structures */
    unsigned include_all;                    /* DRHDs with INCLUDE_PCI_ALL */
    const struct dmar_structure *structures; /* of known types, in the order of the table */
    size_t n_structures;
};

/*
 * Parses a whole DMAR, each structure and each device scope entry of it. Structures of unknown type
 * are skipped by their length. The data that *out points to is in `a`, paths are in the table.
 * Returns ST_OK or ST_MALFORMED (with *fault, if not NULL); *out is written on success only.
 */
enum status dmar_parse(struct span table, struct arena *a, struct dmar *out, struct fault *fault);

#endif
