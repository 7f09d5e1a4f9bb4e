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
    /*
     * For a log: the memory named outside the map equals that in the map, so neither of the two
     * lists can have lost a line without the other.
     */
    bool witnessed;
};

/*
 * The blob `efi/runtime-map` (docs/vbscheck-snapshot.5): "0x5 0x3e6c4000 0x0 0x1 0x800…0f", one
 * region per line. Linux tags other regions with RUNTIME too; all are returned.
 * Returns ST_OK or ST_MALFORMED (with *fault, if not NULL); *out is written on success only.
 */
enum status efimap_parse(struct span text, struct arena *a, struct efimap *out,
                         struct fault *fault);

/*
 * The whole map of a boot with efi=debug, from a kernel log: "efi: mem03: [Runtime Data|RUN|…]
 * range=[0x…-0x…] (0MB)" (efi_print_memmap), and outside x86 "efi:   0x…-0x… [Runtime Data|RUN|…]"
 * behind "efi: Processing EFI memory map:". Only runtime code and data are returned; n = 0 if none
 * is listed. `*whole` becomes true if the numbers run from 0 (or the lines from their opening)
 * without a gap; if another kernel message follows, since a log that ends there may be cut; and if
 * all memory that the log names elsewhere lies inside the map, since a log may have lost only the
 * last lines of the map. If there are several listings, returns the first whole one, else the
 * first.
 */
void efimap_read_log(struct span log, struct arena *a, struct efimap *out, bool *whole);

#endif
