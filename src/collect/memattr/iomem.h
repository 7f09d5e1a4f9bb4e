/* SPDX-License-Identifier: MIT */
/* Which physical addresses are memory, and not some device that reading may disturb. */
#ifndef COLLECT_MEMATTR_IOMEM_H
#define COLLECT_MEMATTR_IOMEM_H

#include <stdbool.h>
#include <stdint.h>

#include "collect/source.h"

/* /proc/iomem, read once however many addresses are asked for. {0}: not yet. */
struct iomem {
    bool is_read;
    enum status st;
    bool shown; /* some range is not at zero */
    struct iomem_range {
        uint64_t first, last;
        enum status kind; /* ST_OK: memory; ST_ABSENT: none */
    } * ranges;           /* in the order of the file: inner ones follow those around them */
    size_t n;
};

/*
 * Looks the address up in /proc/iomem, where the innermost range that holds it must be RAM or what
 * firmware keeps of it. Up to *end, which is behind it, all addresses have the same answer.
 * Returns ST_OK; ST_ABSENT where the address is no memory; ST_NO_PERMISSION where the kernel hides
 * addresses (it shows zeros then); or why the file could not be read.
 */
enum status iomem_is_memory(struct iomem *m, const struct collector *c, uint64_t address,
                            uint64_t *end);

#endif
