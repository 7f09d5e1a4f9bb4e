/* SPDX-License-Identifier: MIT */
/*
 * The blob `tpm/trouble` (docs/vbscheck-snapshot.5): a question that a TPM did not answer, and why
 * in a word.
 */
#ifndef PARSE_TPM_TROUBLE_H
#define PARSE_TPM_TROUBLE_H

#include "vbscheck/span.h"

enum tpm_trouble_kind {
    TPM_TROUBLE_SILENT,     /* "silent" */
    TPM_TROUBLE_CUT_OFF,    /* "cut-off" */
    TPM_TROUBLE_NO_ANSWER,  /* "no-answer" */
    TPM_TROUBLE_BUSY,       /* "busy" */
    TPM_TROUBLE_NO_DEVICE,  /* "no-device" */
    TPM_TROUBLE_NO_LIBRARY, /* "no-library" */
    TPM_TROUBLE_KINDS
};

struct tpm_trouble {
    struct span blob; /* borrowed from the text: "tpm/fixed" */
    enum tpm_trouble_kind kind;
};

/*
 * "tpm/fixed busy". Returns false, with *out untouched, if the text does not begin with such a
 * line.
 */
bool tpm_trouble_parse(struct span text, struct tpm_trouble *out);

#endif
