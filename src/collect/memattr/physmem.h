/* SPDX-License-Identifier: MIT */
/*
 * The ways to bytes of physical memory that Linux leaves open. Each is opened at its first use, for
 * reading.
 */
#ifndef COLLECT_MEMATTR_PHYSMEM_H
#define COLLECT_MEMATTR_PHYSMEM_H

#include "collect/memattr/kcore.h"
#include "collect/source.h"

enum physmem_way {
    PHYSMEM_KCORE,   /* /proc/kcore: all RAM */
    PHYSMEM_DEVMEM,  /* /dev/mem: with STRICT_DEVMEM everything except RAM */
    PHYSMEM_DEBUGFS, /* the regions that efi=debug keeps: boot services' data, on x86 */
    PHYSMEM_WAYS
};

struct physmem {
    const struct collector *c;
    struct {
        bool tried;
        enum status st;
    } ways[PHYSMEM_WAYS];
    struct kcore kcore;
    const char *region_path; /* the debugfs file that was read last, or NULL */
    uint64_t region_start, region_size;
};

void physmem_init(struct physmem *m, const struct collector *c);

/* Its word in `efi/memattr-steps`, and its path, for people. */
const char *physmem_name(enum physmem_way way);
const char *physmem_path(enum physmem_way way);

/*
 * Opens a way that is not open yet.
 * Returns ST_OK, or why not: the kernel's lockdown mode distinguishes ST_LOCKDOWN from
 * ST_NO_PERMISSION; a missing file is ST_NO_DRIVER on this machine, else ST_NOT_COLLECTED.
 */
enum status physmem_open(struct physmem *m, enum physmem_way way);

/*
 * Reads up to `n` bytes at a physical address; *got becomes how many.
 * Returns ST_OK with at least one, ST_ABSENT (this way does not hold that address), or why not.
 */
enum status physmem_read(struct physmem *m, enum physmem_way way, uint64_t address, void *buf,
                         size_t n, size_t *got);

/* The same for a virtual address of the kernel, through its core. */
enum status physmem_read_virtual(struct physmem *m, uint64_t address, void *buf, size_t n,
                                 size_t *got);

#endif
