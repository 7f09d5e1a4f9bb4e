/* SPDX-License-Identifier: MIT */
/* How Linux prints memory descriptors (drivers/firmware/efi/efi.c, efi_md_typeattr_format). */
#ifndef PARSE_KLOG_EFI_PRINT_H
#define PARSE_KLOG_EFI_PRINT_H

#include "vbscheck/efi_memory.h"
#include "vbscheck/span.h"

/* More regions than any machine has; a log that lists more is not trusted. */
enum { EFI_PRINT_REGIONS_MAX = 65536 };

/*
 * Reads "[Runtime Code|RUN|  |XP|  ]", "[type=20|attr=0x8000000000000000]" and their mixtures off
 * the start of *s. Returns false, with both untouched, if the text is not whole or holds a word
 * that no kernel prints: an overlooked attribute would look like a missing protection.
 */
bool efi_print_take_type(struct span *s, uint32_t *type, uint64_t *attributes);

/* Reads "0x00003e6c4000-0x00003e6c4fff" off the start of *s. Returns false as above. */
bool efi_print_take_range(struct span *s, uint64_t *first, uint64_t *last);

/*
 * The pages from `first` to `last` inclusive. An entry without pages is printed with its end before
 * its start, one that leaves the address space with an end that wrapped. Returns false, with *pages
 * untouched, if these are not whole pages.
 */
bool efi_print_pages(uint64_t first, uint64_t last, uint64_t *pages);

#endif
