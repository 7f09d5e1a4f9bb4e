/* SPDX-License-Identifier: MIT */
/* An EFI variable as efivarfs shows it: attributes (32 bits, little endian), then the data.
 * Linux Documentation/filesystems/efivarfs.rst; UEFI specification 2.10, section 8.2. */
#ifndef PARSE_EFIVAR_H
#define PARSE_EFIVAR_H

#include "vbscheck/span.h"

enum {
    EFIVAR_NON_VOLATILE = 1 << 0,
    EFIVAR_BOOTSERVICE_ACCESS = 1 << 1,
    EFIVAR_RUNTIME_ACCESS = 1 << 2,
    EFIVAR_NV_BS_RT = 7,
};

struct efivar {
    uint32_t attributes;
    struct span data; /* may be empty: attributes alone are the known size-0 firmware bug */
};

/*
 * A file of fewer than four bytes is left behind by a refused create: ST_ABSENT.
 * Returns ST_OK or ST_ABSENT; *out is written on success only.
 */
enum status efivar_parse(struct span file, struct efivar *out);

#endif
