/* SPDX-License-Identifier: MIT */
/* Output of TPM tools, converted to the TPM's response. */
#ifndef LOAD_TPM_BLOB_H
#define LOAD_TPM_BLOB_H

#include "load/forms/forms.h"

struct tpm_property {
    uint32_t id, value;
};

enum { TPM_PROPERTIES_MAX = 32, TPM_BANKS_MAX = 16 };

/* TPM 2.0 Library, part 3, section 30.2: the response of TPM2_GetCapability to these values. */
void tpm_blob_add_properties(struct form_sink *to, const struct tpm_property *items, size_t n);

/* A bank and its 24 registers, bit n for register n. */
struct tpm_bank {
    uint16_t hash;
    uint32_t pcrs;
};

void tpm_blob_add_banks(struct form_sink *to, const struct tpm_bank *items, size_t n);

#endif
