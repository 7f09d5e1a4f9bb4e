/* SPDX-License-Identifier: MIT */
/*
 * The Memory Attributes Table, UEFI specification 2.10, section 4.6 EFI_MEMORY_ATTRIBUTES_TABLE:
 * its bytes, or what Linux prints of it with efi=debug (drivers/firmware/efi/memattr.c).
 */
#ifndef PARSE_MEMATTR_H
#define PARSE_MEMATTR_H

#include "vbscheck/arena.h"
#include "vbscheck/efi_memory.h"
#include "vbscheck/span.h"

enum {
    MEMATTR_HEADER = 16,
    MEMATTR_STRIDE_MIN = 40, /* sizeof(EFI_MEMORY_DESCRIPTOR); 48 in practice */
    MEMATTR_STRIDE_MAX = 256,
    MEMATTR_BYTES_MAX = 4 << 20,
};

/* Flags of version 2: runtime code has landing pads for forward control-flow checks. */
enum { MEMATTR_FORWARD_CONTROL_FLOW = 1 << 0 };

struct memattr {
    uint32_t version;                 /* 0: unknown, rebuilt from a log */
    uint32_t stride;                  /* descriptor size; 0 as above */
    uint32_t flags;                   /* reserved in version 1 */
    const struct efi_region *entries; /* in the order of the table, of any type */
    size_t n;
};

/* Can a table have this version, descriptor size and number of entries? */
bool memattr_header_is_sane(uint64_t version, uint64_t stride, uint64_t entries);

/* Is this a header that a table can have: its version, stride and number of entries? `need`, if
 * not NULL, becomes the bytes of the whole table. */
bool memattr_is_sane(struct span header, size_t *need);

/*
 * Is this file a whole table? Version 1 or 2, and every entry runtime code or data; a table without
 * entries is a file with only its header.
 */
bool memattr_looks_like(struct span file);

/*
 * Parses a table; more bytes may follow it. The fault's words distinguish zeros from other invalid
 * bytes.
 * Returns ST_OK, ST_MALFORMED (no sane header), ST_TRUNCATED (entries beyond the bytes);
 * *out is written on success only.
 */
enum status memattr_parse(struct span bytes, struct arena *a, struct memattr *out,
                          struct fault *fault);

/* The table as a kernel log reports it. */
struct memattr_log {
    bool has_address; /* "MEMATTR=0x…" in the line of configuration tables */
    uint64_t address;
    bool unusable;                 /* "(MEMATTR=0x… unusable)"; has_address is false then */
    bool opening;                  /* "Processing EFI Memory Attributes table:" */
    bool contiguous;               /* no sign that a line of the list is missing (below) */
    struct memattr table;          /* entries as listed; n is 0 where none was */
    size_t rejected;               /* of these, marked "!" */
    const struct span *complaints; /* other messages of "efi: memattr:", without that prefix */
    size_t n_complaints;
};

/*
 * Reads a whole kernel log, or the blob `efi/kernel-log`; of a log of several boots, the first that
 * mentions a table. Never fails.
 *
 * A listing is contiguous if a capture keeps only two kinds of lines between its opening and its
 * last entry: readable entries, and complaints, each before the "!" entry it is about. Its last
 * line may still be missing: only the memory map can show that.
 */
void memattr_read_log(struct span log, struct arena *a, struct memattr_log *out);

#endif
