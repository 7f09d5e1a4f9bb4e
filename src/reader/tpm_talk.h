/* SPDX-License-Identifier: MIT */
/* Asks a TPM: commands through tpm2-tss, in a child that may hang without blocking its parent. */
#ifndef READER_TPM_TALK_H
#define READER_TPM_TALK_H

#include <stdint.h>

#include "ask/ask.h"
#include "vbscheck/arena.h"
#include "vbscheck/span.h"

/* The whole response with ST_OK, else the reason why there is none. */
struct tpm_reply {
    enum status st;
    struct span response;
    const char *trouble; /* detail that the status lacks, as a word of `tpm/trouble`; or NULL */
};

enum { TPM_TALK_MILLISECONDS = 5000 };

/*
 * Sends the `n` questions to the TPM that `conf` names, as tctildr understands it, and returns a
 * reply for each; memory comes from `a`. Everything together takes at most `milliseconds`: a
 * question without an answer by then is ST_IO_ERROR, like every question after the first that
 * fails. ST_NO_PERMISSION, ST_NO_DRIVER and ST_ABSENT mean a device that could not be opened,
 * ST_UNSUPPORTED a file that is not a device, ST_NOT_COLLECTED that the library is not installed.
 */
const struct tpm_reply *tpm_talk(const char *conf, const struct ask_tpm *questions, size_t n,
                                 unsigned milliseconds, struct arena *a);

#endif
