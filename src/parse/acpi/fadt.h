/* SPDX-License-Identifier: MIT */
/* Fixed ACPI description table (signature FACP): ACPI specification 6.5, section 5.2.9. */
#ifndef PARSE_ACPI_FADT_H
#define PARSE_ACPI_FADT_H

#include "vbscheck/span.h"

struct fadt {
    char oem_id[7]; /* of the header, not safe to print */
    bool has_flags;
    uint32_t flags;        /* "Fixed Feature Flags", revision 1 and later */
    char hypervisor_id[9]; /* "Hypervisor Vendor Identity", revision 6; "" where there is none */
};

enum { FADT_FLAGS_OFFSET = 112, FADT_LOW_POWER_S0_IDLE = 1 << 21 };

/* Returns ST_OK or ST_MALFORMED (with *fault, if not NULL); *out is written on success only. */
enum status fadt_parse(struct span table, struct fadt *out, struct fault *fault);

#endif
