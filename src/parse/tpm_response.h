/* SPDX-License-Identifier: MIT */
/*
 * The response to TPM2_GetCapability: TPM 2.0 Library, part 3, section 30.2 (GetCapability), and
 * part 2, TPMS_CAPABILITY_DATA. Big-endian.
 */
#ifndef PARSE_TPM_RESPONSE_H
#define PARSE_TPM_RESPONSE_H

#include "vbscheck/span.h"

/* TPM_CAP */
enum tpm_capability {
    TPM_CAP_ALGS = 0,
    TPM_CAP_HANDLES = 1,
    TPM_CAP_PCRS = 5,
    TPM_CAP_TPM_PROPERTIES = 6,
};

/* TPM_PT */
enum tpm_property {
    TPM_PT_FAMILY_INDICATOR = 0x100,
    TPM_PT_REVISION = 0x102,
    TPM_PT_MANUFACTURER = 0x105,
    TPM_PT_VENDOR_STRING_1 = 0x106,
    TPM_PT_FIRMWARE_VERSION_1 = 0x10b,
    TPM_PT_FIRMWARE_VERSION_2 = 0x10c,
    TPM_PT_PERMANENT = 0x200,
    TPM_PT_LOCKOUT_COUNTER = 0x20e,
};

/* TPMA_PERMANENT */
enum { TPMA_PERMANENT_IN_LOCKOUT = 1u << 9 };

#define TPM_FAMILY_2_0 0x322e3000u /* "2.0" and a NUL */

/* TPM_RC */
enum tpm_rc {
    TPM_RC_SUCCESS = 0,
    TPM_RC_INITIALIZE = 0x100,
    TPM_RC_FAILURE = 0x101,
    TPM_RC_UPGRADE = 0x12d,
    TPM_RC_NEEDS_TEST = 0x153,
    TPM_RC_TESTING = 0x90a,
    TPM_RC_LOCKOUT = 0x921,
};

struct tpm_response {
    bool family_1;       /* an answer of TPM 1.x, which does not know the command */
    uint32_t rc;         /* nothing of what follows where it is not TPM_RC_SUCCESS */
    uint32_t capability; /* one of enum tpm_capability */
    uint32_t count;
    struct rd items; /* sound: they fit, and nothing follows */
};

/*
 * Parses a whole response. Returns ST_OK, also for one that is an error code, or ST_MALFORMED
 * (with *fault, if not NULL); *out is written on success only.
 */
enum status tpm_response_parse(struct span response, struct tpm_response *out, struct fault *fault);

/*
 * The value of a property, found by its number since those that are not implemented are left out.
 * Returns false, with *out untouched, where the response has none.
 */
bool tpm_response_property(const struct tpm_response *r, uint32_t property, uint32_t *out);

/* The next bank: which hash, and whether a PCR of it is allocated. Start with *left = r->items. */
bool tpm_next_bank(struct rd *left, uint16_t *hash, bool *allocated);

/* The next algorithm, and the next handle. */
bool tpm_next_algorithm(struct rd *left, uint16_t *id, uint32_t *attributes);
bool tpm_next_handle(struct rd *left, uint32_t *handle);

/* "sha256" for 0x000b; NULL for what is no hash that the library specification names. */
const char *tpm_hash_name(uint16_t id);

#endif
