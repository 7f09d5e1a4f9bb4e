/* SPDX-License-Identifier: MIT */
#include "support/efi.h"
#include "vbscheck/efi_memory.h"

void memattr_begin(struct build *b, uint32_t version, uint32_t n, uint32_t stride)
{
    b->len = 0;
    put_le32(b, version);
    put_le32(b, n);
    put_le32(b, stride);
    put_le32(b, 0);
}

void put_region(struct build *b, uint32_t type, uint64_t start, uint64_t pages, uint64_t attributes)
{
    put_le32(b, type);
    put_le32(b, 0);
    put_le64(b, start);
    put_le64(b, 0);
    put_le64(b, pages);
    put_le64(b, attributes);
    put_le64(b, 0);
}

struct span table_memattr(struct build *b)
{
    memattr_begin(b, 1, 3, 48);
    put_region(b, EFI_RUNTIME_CODE, 0x1000, 1, EFI_ATTRIBUTE_RUNTIME | EFI_ATTRIBUTE_XP);
    put_region(b, EFI_RUNTIME_CODE, 0x2000, 2, EFI_ATTRIBUTE_RUNTIME | EFI_ATTRIBUTE_RO);
    put_region(b, EFI_RUNTIME_DATA, 0x4000, 3, EFI_ATTRIBUTE_RUNTIME | EFI_ATTRIBUTE_XP);
    return build_span(b);
}
