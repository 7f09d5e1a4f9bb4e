/* SPDX-License-Identifier: MIT */
/* The blobs tpm/...: the TPM's own answers. */
#ifndef PROBE_TPM_TPM_ANSWERS_H
#define PROBE_TPM_TPM_ANSWERS_H

#include "parse/tpm_response.h"
#include "probe/probe.h"

#define TPM_FIXED   "tpm/fixed"
#define TPM_PCRS    "tpm/pcrs"
#define TPM_TROUBLE "tpm/trouble"

/* One blob: `st` is ST_OK for a sound response, including an error code. */
struct tpm_answer {
    const char *blob;
    enum status st;
    struct tpm_response response;
};

struct tpm_answers {
    struct tpm_answer fixed, variable, pcrs, algorithms, nv;
    unsigned family; /* 2, 1, or 0: unknown */
};

/* Reads them; notes malformed ones. */
void tpm_answers_read(const struct probe_run *p, struct tpm_answers *out);

/* ST_OK if `a` holds values of this capability, else why not. */
enum status tpm_answer_status(const struct tpm_answer *a, uint32_t capability);

/* The value of a property; false, with *out untouched, if the answer lacks it. */
bool tpm_answer_property(const struct tpm_answer *a, TPM2_PT id, uint32_t *out);

/* The first answer that is an error code of a TPM 2.0, or NULL. */
const struct tpm_answer *tpm_answers_first_error(const struct tpm_answers *t);

#endif
