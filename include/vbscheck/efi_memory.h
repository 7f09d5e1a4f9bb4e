/* SPDX-License-Identifier: MIT */
/* EFI memory descriptors, as every layer uses them: UEFI specification 2.10, section 7.2. */
#ifndef VBSCHECK_EFI_MEMORY_H
#define VBSCHECK_EFI_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EFI_RUNTIME_CODE = 5, EFI_RUNTIME_DATA = 6 };

/* Attributes. WP (1000h) is about caches and protects nothing. */
#define EFI_ATTRIBUTE_XP      UINT64_C(0x4000)
#define EFI_ATTRIBUTE_RO      UINT64_C(0x20000)
#define EFI_ATTRIBUTE_RUNTIME UINT64_C(0x8000000000000000)

enum { EFI_PAGE_SHIFT = 12 }; /* 4 KiB, on every architecture */

struct efi_region {
    uint32_t type;
    uint64_t start; /* physical address */
    uint64_t virtual_start;
    uint64_t pages; /* of 4 KiB */
    uint64_t attributes;
    size_t offset; /* of the descriptor in its blob, or SIZE_MAX */
};

/* Sizes in pages cannot overflow; addresses of their ends can. */
static inline bool efi_region_runs_over(const struct efi_region *r)
{
    const uint64_t low = ((uint64_t)1 << EFI_PAGE_SHIFT) - 1;
    uint64_t behind = UINT64_MAX - r->start; /* bytes after the first one */
    return r->pages > (behind >> EFI_PAGE_SHIFT) + ((behind & low) == low ? 1 : 0);
}

/*
 * Address of the region's last byte: UINT64_MAX if the region runs past the address space, its
 * start if it has no pages.
 */
static inline uint64_t efi_region_last(const struct efi_region *r)
{
    if (efi_region_runs_over(r))
        return UINT64_MAX;
    /* For the topmost page the sum wraps to 0; subtracting 1 then gives UINT64_MAX, as it should.
     */
    return r->start + (r->pages << EFI_PAGE_SHIFT) - (r->pages > 0 ? 1 : 0);
}

/* The fault of an entry of the Memory Attributes Table, for the code that draws it. */
struct mat_mark {
    const char *words; /* "neither read-only nor no-execute"; NULL: nothing */
};

/* The table as reports draw it: runtime code and data, in the order of the table. */
struct mat_view {
    const struct efi_region *entries;
    const struct mat_mark *marks;
    size_t n;
};

#endif
