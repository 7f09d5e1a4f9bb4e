/* SPDX-License-Identifier: MIT */
/*
 * The kernel's memory as an ELF core, /proc/kcore: Linux fs/proc/kcore.c; System V ABI, "ELF
 * Header" and "Program Header". It holds RAM, but no device memory.
 */
#ifndef COLLECT_MEMATTR_KCORE_H
#define COLLECT_MEMATTR_KCORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ask/ask.h"

enum kcore_space { KCORE_VIRTUAL, KCORE_PHYSICAL, KCORE_SPACES };

/* A PT_LOAD. If its physical address is not known, that start is UINT64_MAX. */
struct kcore_segment {
    uint64_t start[KCORE_SPACES];
    uint64_t offset; /* in the file, up to 2^63 */
    uint64_t size;
};

struct kcore {
    const struct asker *asker; /* borrowed */
    const struct kcore_segment *segments;
    size_t n;
    bool has_physical; /* false before Linux 4.11: no segment has a physical address */
};

/*
 * Reads the headers of the core.
 * Returns ST_OK, ST_ABSENT (no file, or an empty one: masked), ST_UNSUPPORTED (not a 64-bit
 * little-endian core, or one that is cut), or why it cannot be read; *out is written on success
 * only.
 */
enum status kcore_load(const struct asker *by, struct kcore *out);

/*
 * Reads up to `n` bytes at `address`, across the ends of segments; *got becomes how many.
 * Returns ST_OK with at least one, ST_ABSENT (no segment holds it), ST_NO_DRIVER (no physical
 * addresses), or why it cannot be read.
 */
enum status kcore_read(const struct kcore *k, enum kcore_space space, uint64_t address, void *buf,
                       size_t n, size_t *got);

#endif
