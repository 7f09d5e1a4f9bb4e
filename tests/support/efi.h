/* SPDX-License-Identifier: MIT */
/* Memory Attributes Tables and what kernels print of them. */
#ifndef SUPPORT_EFI_H
#define SUPPORT_EFI_H

#include "support/build.h"

/* Starts a table anew. Entries of `stride` bytes must follow. */
void memattr_begin(struct build *b, uint32_t version, uint32_t n, uint32_t stride);

/* One entry of 48 bytes; those of the table are zero behind the attributes. */
void put_region(struct build *b, uint32_t type, uint64_t start, uint64_t pages,
                uint64_t attributes);

/* Version 1 with code XP, code RO and data XP, one after another from 1000h on: 160 bytes. */
struct span table_memattr(struct build *b);

#endif
