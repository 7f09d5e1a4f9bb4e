/* SPDX-License-Identifier: MIT */
/*
 * The blob `sys/tpm` (docs/vbscheck-snapshot.5): data that the kernel's TPM driver shows (Linux
 * Documentation/ABI/stable/sysfs-class-tpm), and whether firmware declares a TPM.
 */
#ifndef PARSE_SYSFS_TPM_H
#define PARSE_SYSFS_TPM_H

#include "vbscheck/span.h"

/* The first chip of family 2.0 counts, else any. */
struct sysfs_tpm {
    unsigned chips;
    unsigned family;   /* 2, 1, or 0: not told */
    struct span banks; /* names of hashes, blanks between; borrowed from the text */
    bool has_banks;
    bool declared;     /* firmware declares a TPM 2.0 device (MSFT0101) */
    bool switched_off; /* it declares one that is not present (status 0) */
};

/* Reads any text: lines "tpm0 KEY WORDS…". */
void sysfs_tpm_parse(struct span text, struct sysfs_tpm *out);

#endif
