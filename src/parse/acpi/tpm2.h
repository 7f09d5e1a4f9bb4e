/* SPDX-License-Identifier: MIT */
/* TPM2 table: TCG ACPI Specification, version 1.2 and later, section 8. */
#ifndef PARSE_ACPI_TPM2_H
#define PARSE_ACPI_TPM2_H

#include "vbscheck/span.h"

enum { TPM2_START_METHOD_OFFSET = 48 };

struct tpm2 {
    uint8_t revision;
    uint32_t start_method;
};

/*
 * Parses a TPM2 table of any revision; 52 bytes (no start-method parameters, no log area) are
 * legal and common. Returns ST_OK or ST_MALFORMED (with *fault, if not NULL); *out is written on
 * success only.
 */
enum status tpm2_parse(struct span table, struct tpm2 *out, struct fault *fault);

#endif
