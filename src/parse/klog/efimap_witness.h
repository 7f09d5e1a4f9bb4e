/* SPDX-License-Identifier: MIT */
/*
 * Lines that name memory beside the EFI memory map, and show whether lines of the map are missing:
 * x86 prints what the boot stub made of each of its regions ("BIOS-e820: [mem 0x…-0x…] usable",
 * drivers/firmware/efi/libstub/x86-stub.c, setup_e820), others what is memory ("  node   0: [mem
 * 0x…-0x…]", mm/mm_init.c), which there comes from the map alone.
 */
#ifndef PARSE_KLOG_EFIMAP_WITNESS_H
#define PARSE_KLOG_EFIMAP_WITNESS_H

#include "vbscheck/arena.h"
#include "vbscheck/span.h"

/* Addresses from `first` to `last`, which is part of it. */
struct mem_range {
    uint64_t first, last;
};

struct mem_ranges {
    struct mem_range *items;
    size_t n;
};

/* More of them than any machine has make a list that vouches for nothing. */
enum { MEM_RANGES_MAX = 65536 };

/* Adds a range, in one with the last if it follows on it. False where there are too many. */
bool mem_ranges_add(struct mem_ranges *r, struct arena *a, struct mem_range range);

/* Reads a message that names memory beside the map. False if it is another one. */
bool efimap_witness(struct span message, struct mem_range *out);

/* Is every one of `witnesses` within `map`, whose ranges are brought into order? */
bool mem_ranges_hold(struct mem_ranges *map, const struct mem_ranges *witnesses);

#endif
