/* SPDX-License-Identifier: MIT */
/* Windows SMM Security Mitigations Table: Microsoft, "Windows SMM Security Mitigations Table
 * (WSMT)", version 1.0, 18 April 2016. */
#ifndef PARSE_ACPI_WSMT_H
#define PARSE_ACPI_WSMT_H

#include "vbscheck/span.h"

enum {
    WSMT_FIXED_COMM_BUFFERS = 1 << 0,
    WSMT_COMM_BUFFER_NESTED_PTR_PROTECTION = 1 << 1,
    WSMT_SYSTEM_RESOURCE_PROTECTION = 1 << 2,
    WSMT_ALL = 7,
};

enum { WSMT_FLAGS_OFFSET = 36 };

struct wsmt {
    uint8_t revision;
    uint32_t flags;
};

/*
 * Parses one WSMT. A body longer than the four bytes of flags is accepted, a shorter one is not.
 * Returns ST_OK or ST_MALFORMED (with *fault, if not NULL); *out is written on success only.
 */
enum status wsmt_parse(struct span table, struct wsmt *out, struct fault *fault);

#endif
