/* SPDX-License-Identifier: MIT */
/* Asking a TPM: commands through tpm2-tss, in a child that may hang without anybody waiting. */
#ifndef READER_TPM_TALK_H
#define READER_TPM_TALK_H

#include <stdint.h>

#include "ask/ask.h"
#include "vbscheck/arena.h"
#include "vbscheck/span.h"

/* The whole response with ST_OK, else why there is none. */
struct tpm_reply {
    enum status st;
    struct span response;
    const char *trouble; /* what the status does not say, in a word of `tpm/trouble`; or NULL */
};

enum { TPM_TALK_MILLISECONDS = 5000 };

/*
 * Sends the `n` questions to the TPM that `conf`, as tctildr understands it, names, and returns a
 * reply for each; memory comes from `a`. All of it takes at most `milliseconds`: what has not been
 * answered then is ST_IO_ERROR, like everything after the first question that is not answered.
 * ST_NO_PERMISSION, ST_NO_DRIVER and ST_ABSENT tell of a device that could not be opened,
 * ST_UNSUPPORTED of a file that is none, ST_NOT_COLLECTED that the library is not installed.
 */
const struct tpm_reply *tpm_talk(const char *conf, const struct ask_tpm *questions, size_t n,
                                 unsigned milliseconds, struct arena *a);

#endif
