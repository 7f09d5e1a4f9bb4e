/* SPDX-License-Identifier: MIT */
/* Knows which physical addresses are memory, and not devices that reading may disturb. */
#ifndef READER_IOMEM_H
#define READER_IOMEM_H

#include <stdbool.h>
#include <stdint.h>

#include "vbscheck/arena.h"
#include "vbscheck/span.h"

struct iomem_range {
    uint64_t first, last;
    enum status kind; /* ST_OK: memory; ST_ABSENT: not memory */
};

struct iomem {
    struct iomem_range *ranges; /* in the order of the file: inner ones follow those around them */
    size_t n;
    bool shown; /* at least one range does not start at zero */
};

/*
 * Parses /proc/iomem: the only text that the reader looks into, written by the kernel of this
 * machine. Other lines are skipped; memory comes from `a`.
 */
struct iomem iomem_parse(struct span text, struct arena *a);

/*
 * Looks an address up: the innermost range that holds it must be RAM, or RAM that firmware keeps.
 * All addresses from there to before *end have the same answer.
 * Returns ST_OK; ST_ABSENT if the address is not memory; ST_NO_PERMISSION if the kernel hides
 * addresses (it shows zeros then).
 */
enum status iomem_is_memory(const struct iomem *m, uint64_t address, uint64_t *end);

#endif
