/* SPDX-License-Identifier: MIT */
/*
 * Lines outside the EFI memory map that name memory, and show whether lines of the map are missing:
 * x86 prints what the boot stub made of each of its regions ("BIOS-e820: [mem 0x…-0x…] usable",
 * drivers/firmware/efi/libstub/x86-stub.c, setup_e820), others print the memory ("  node   0: [mem
 * 0x…-0x…]", mm/mm_init.c), which there comes only from the map.
 */
#ifndef PARSE_KLOG_EFIMAP_WITNESS_H
#define PARSE_KLOG_EFIMAP_WITNESS_H

#include "vbscheck/arena.h"
#include "vbscheck/span.h"

/* Addresses from `first` to `last` inclusive. */
struct mem_range {
    uint64_t first, last;
};

struct mem_ranges {
    struct mem_range *items;
    size_t n;
};

/* More ranges than any machine has: a longer list proves nothing. */
enum { MEM_RANGES_MAX = 65536 };

/* Adds a range, or extends the last one if it is adjacent. False if there are too many. */
bool mem_ranges_add(struct mem_ranges *r, struct arena *a, struct mem_range range);

/* Reads a message that names memory outside the map. False for any other message. */
bool efimap_witness(struct span message, struct mem_range *out);

/* Is each of `witnesses` within `map`? Sorts the ranges of `map`. */
bool mem_ranges_hold(struct mem_ranges *map, const struct mem_ranges *witnesses);

#endif
