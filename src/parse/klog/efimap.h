/* SPDX-License-Identifier: MIT */
/* The EFI memory map, as far as Linux shows it. */
#ifndef PARSE_KLOG_EFIMAP_H
#define PARSE_KLOG_EFIMAP_H

#include "vbscheck/arena.h"
#include "vbscheck/efi_memory.h"
#include "vbscheck/span.h"

struct efimap {
    const struct efi_region *regions; /* in the order of the source */
    size_t n;
    /* Of a log: the memory that it names beside the map is that of the map, so that neither of the
     * two lists can have lost a line without the other. */
    bool witnessed;
};

/*
 * The blob `efi/runtime-map` (docs/vbscheck-snapshot.5): "0x5 0x3e6c4000 0x0 0x1 0x800…0f", a
 * region a line. Linux tags other regions with RUNTIME too; all are given.
 * Returns ST_OK or ST_MALFORMED (with *fault, if not NULL); *out is written on success only.
 */
enum status efimap_parse(struct span text, struct arena *a, struct efimap *out,
                         struct fault *fault);

/*
 * The whole map of a boot with efi=debug, from a kernel log: "efi: mem03: [Runtime Data|RUN|…]
 * range=[0x…-0x…] (0MB)" (efi_print_memmap), and outside x86 "efi:   0x…-0x… [Runtime Data|RUN|…]"
 * behind "efi: Processing EFI memory map:". Only runtime code and data are given, n = 0 where none
 * is listed. `*whole` tells whether the numbers run from 0 without a gap, or the lines from their
 * opening, something else of the kernel's follows, as a log that ends there may be cut, and no
 * memory that the log names elsewhere lies outside: a log may have lost the last lines of the map
 * and nothing else. Of several listings the first whole one is given, else the first.
 */
void efimap_read_log(struct span log, struct arena *a, struct efimap *out, bool *whole);

#endif
