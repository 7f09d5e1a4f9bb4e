/* SPDX-License-Identifier: MIT */
/* Multiple APIC description table (signature APIC): ACPI specification 6.5, section 5.2.12. */
#ifndef PARSE_ACPI_MADT_H
#define PARSE_ACPI_MADT_H

#include "vbscheck/span.h"

struct madt {
    bool x86; /* it lists a local APIC or x2APIC */
    bool arm; /* it lists a GIC CPU interface */
};

/* Returns ST_OK or ST_MALFORMED (with *fault, if not NULL); *out is written on success only. */
enum status madt_parse(struct span table, struct madt *out, struct fault *fault);

#endif
