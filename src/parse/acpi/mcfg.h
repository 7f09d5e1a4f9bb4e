/* SPDX-License-Identifier: MIT */
/*
 * Memory mapped configuration table, which lists the PCI segments of a machine and their buses:
 * PCI Firmware Specification 3.3, section 4.1.2.
 */
#ifndef PARSE_ACPI_MCFG_H
#define PARSE_ACPI_MCFG_H

#include "vbscheck/arena.h"
#include "vbscheck/span.h"

struct mcfg_entry {
    uint64_t base; /* of bus 0, also where first_bus is another */
    uint16_t segment;
    uint8_t first_bus, last_bus;
};

struct mcfg {
    uint8_t revision;
    const struct mcfg_entry *entries; /* as in the table; several may be of one segment */
    size_t n;                         /* 0 is legal */
    unsigned segments;                /* different segment numbers */
};

/*
 * Parses a whole MCFG. The entries live in `a`, 16 bytes each as in the table.
 * Returns ST_OK or ST_MALFORMED (with *fault, if not NULL); *out is written on success only.
 */
enum status mcfg_parse(struct span table, struct arena *a, struct mcfg *out, struct fault *fault);

#endif
