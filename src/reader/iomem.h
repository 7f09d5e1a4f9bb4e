/* SPDX-License-Identifier: MIT */
/* Which physical addresses are memory, and not some device that reading may disturb. */
#ifndef READER_IOMEM_H
#define READER_IOMEM_H

#include <stdbool.h>
#include <stdint.h>

#include "vbscheck/arena.h"
#include "vbscheck/span.h"

struct iomem_range {
    uint64_t first, last;
    enum status kind; /* ST_OK: memory; ST_ABSENT: none */
};

struct iomem {
    struct iomem_range *ranges; /* in the order of the file: inner ones follow those around them */
    size_t n;
    bool shown; /* some range is not at zero */
};

/*
 * Reads the text of /proc/iomem. The one text that the reader looks into: the kernel's own, of this
 * machine. Lines that are none of it are passed over; memory comes from `a`.
 */
struct iomem iomem_parse(struct span text, struct arena *a);

/*
 * Looks an address up: the innermost range that holds it must be RAM or what firmware keeps of it.
 * Up to *end, which is behind it, all addresses have the same answer.
 * Returns ST_OK; ST_ABSENT where the address is no memory; ST_NO_PERMISSION where the kernel hides
 * addresses (it shows zeros then).
 */
enum status iomem_is_memory(const struct iomem *m, uint64_t address, uint64_t *end);

#endif
