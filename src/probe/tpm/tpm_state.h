/* SPDX-License-Identifier: MIT */
/* Reasons why a TPM cannot be used or does not answer. */
#ifndef PROBE_TPM_TPM_STATE_H
#define PROBE_TPM_TPM_STATE_H

#include "probe/tpm/tpm_answers.h"

/* Sets the fact tpm.state; notes a state that blocks its use. */
void tpm_state_give(const struct probe_run *p, const struct tpm_answers *t);

/* Notes why a TPM that was asked did not answer. */
void tpm_state_note_trouble(const struct probe_run *p);

#endif
