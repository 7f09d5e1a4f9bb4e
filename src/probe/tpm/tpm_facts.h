/* SPDX-License-Identifier: MIT */
/* The facts that only the TPM's own answers contain. */
#ifndef PROBE_TPM_TPM_FACTS_H
#define PROBE_TPM_TPM_FACTS_H

#include "probe/tpm/tpm_answers.h"

/*
 * Sets the facts that come from answers alone; without a TPM, they are absent. `silent` is why no
 * TPM was asked, if none was.
 */
void tpm_facts_give(const struct probe_run *p, const struct tpm_answers *t, enum status silent);

#endif
