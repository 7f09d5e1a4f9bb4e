/* SPDX-License-Identifier: MIT */
/* Windows driver images, made byte by byte after "PE Format". */
#ifndef SUPPORT_PE_H
#define SUPPORT_PE_H

#include "support/build.h"

enum { PE_TEST_SECTIONS = 8 };

/* Flags of sections as drivers have them. */
#define PE_TEXT     0x68000020u
#define PE_RDATA    0x48000040u
#define PE_DATA     0xc8000040u
#define PE_INIT_RWX 0xe2000020u

struct pe_spec {
    uint16_t machine, magic, subsystem, dll_characteristics;
    uint32_t section_alignment, file_alignment;
    struct {
        const char *name; /* NULL ends the list */
        uint32_t flags, rva, size, raw;
    } sections[PE_TEST_SECTIONS];
    struct {
        uint32_t at, size;
    } dirs[16];
};

/*
 * A clean amd64 driver: .text, .rdata with the import address table and one import
 * (ExAllocatePoolWithTag of ntoskrnl.exe), .data, .rsrc with a version 1.2.3.4 of "Maker",
 * .reloc with one DIR64.
 */
struct pe_spec pe_clean(void);

enum {
    PE_CHECKSUM_AT = 0x40 + 24 + 64,
    PE_SECTIONS_AT = 0x40 + 24 + 240, /* of a PE32+ image */
    PE_HEADERS = 0x400,
    PE_IAT_RVA = 0x2000,
    PE_IMPORTS_RVA = 0x2040,
    PE_RSRC_RVA = 0x4000,
    PE_RELOC_RVA = 0x5000,
};

/* Lays `spec` out; what directories point to lies where pe_clean() has it. */
struct span pe_build(struct build *b, const struct pe_spec *spec);

/* Appends a certificate table with `pkcs7` and makes directory 4 point to it. */
struct span pe_sign(struct build *b, struct span pkcs7);

/* Writes a value into what was built. */
void pe_poke16(struct build *b, size_t at, uint16_t v);
void pe_poke32(struct build *b, size_t at, uint32_t v);

#endif
