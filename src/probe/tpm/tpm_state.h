/* SPDX-License-Identifier: MIT */
/* What keeps a TPM from being of use, or from answering. */
#ifndef PROBE_TPM_TPM_STATE_H
#define PROBE_TPM_TPM_STATE_H

#include "probe/tpm/tpm_answers.h"

/* The fact tpm.state; a state that hinders is noted. */
void tpm_state_give(const struct probe_run *p, const struct tpm_answers *t);

/* Notes why a TPM was asked in vain, if it was. */
void tpm_state_note_trouble(const struct probe_run *p);

#endif
