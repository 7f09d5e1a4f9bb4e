/* SPDX-License-Identifier: MIT */
/*
 * The response to TPM2_GetCapability: TPM 2.0 Library, part 3, section 30.2 (GetCapability), and
 * part 2, TPMS_CAPABILITY_DATA, which tss2-mu unmarshals. Big-endian. tss2-mu prints error messages
 * unless the environment holds TSS2_LOG=all+none.
 */
#ifndef PARSE_TPM_RESPONSE_H
#define PARSE_TPM_RESPONSE_H

#include <tss2/tss2_tpm2_types.h>

#include "vbscheck/libs.h"
#include "vbscheck/span.h"

#define TPM_FAMILY_2_0 0x322e3000u /* "2.0" and a NUL */

struct tpm_response {
    bool family_1;               /* an answer of TPM 1.x, which does not know the command */
    uint32_t rc;                 /* TPM2_RC_SUCCESS, or there are no values */
    TPMS_CAPABILITY_DATA values; /* else zeros */
};

/*
 * Parses a whole response, its values by `mu`. Returns ST_OK, also for an error code, or
 * ST_MALFORMED (with *fault, if not NULL); *out is written on success only. A fault inside the
 * values is reported at their first byte.
 */
enum status tpm_response_parse(struct span response, const struct tss2_mu_lib *mu,
                               struct tpm_response *out, struct fault *fault);

/*
 * The value of a property, found by its number since those that are not implemented are left out.
 * Returns false, with *out untouched, where the response has none.
 */
bool tpm_response_property(const struct tpm_response *r, TPM2_PT property, uint32_t *out);

/* A bank that is listed without any PCR is not allocated. */
bool tpm_bank_is_allocated(const TPMS_PCR_SELECTION *bank);

/*
 * "sha256" for TPM2_ALG_SHA256; NULL for an id that the library specification does not list as a
 * hash.
 */
const char *tpm_hash_name(TPM2_ALG_ID id);

#endif
