/* SPDX-License-Identifier: MIT */
/*
 * What a TPM says of itself: TPM 2.0 Library, part 2, TPM_CAP. Commands that change a TPM's state
 * are never sent, not even TPM2_Startup. The transport for devices begins with TPM2_GetRandom, to
 * learn whether the driver hands out responses in parts.
 */
#include <tss2/tss2_tpm2_types.h>

#include "collect/source.h"
#include "collect/tpm/tpm_talk.h"
#include "io/root.h"
#include "vbscheck/count.h"

/* The kernel's resource manager, which can be shared; Linux makes it for TPM 2.0 only. */
#define DEVICE "dev/tpmrm0"

enum { FIRST_TCG_NV = 0x01c00000 }; /* TCG EK Credential Profile: this index and what follows */

static const struct {
    const char *blob;
    struct tpm_question question;
} asked[] = {
    {"tpm/fixed", {TPM2_CAP_TPM_PROPERTIES, TPM2_PT_FIXED, 16}},
    {"tpm/variable", {TPM2_CAP_TPM_PROPERTIES, TPM2_PT_VAR, 32}},
    {"tpm/pcrs", {TPM2_CAP_PCRS, 0, 1}},
    {"tpm/algorithms", {TPM2_CAP_ALGS, 0, 127}},
    {"tpm/nv", {TPM2_CAP_HANDLES, FIRST_TCG_NV, 254}},
};

static void fetch(struct collector *c)
{
    struct tpm_question questions[COUNT(asked)];
    const char *blobs[COUNT(asked)];
    const char *conf = c->tcti;
    size_t n = 0;
    if (conf == NULL && (!c->live || root_exists(c->root, DEVICE) == ST_ABSENT))
        return; /* no blobs: nobody was asked, and sys/tpm tells whether a driver is there */
    if (conf == NULL)
        conf = "device:/" DEVICE;
    for (size_t i = 0; i < COUNT(asked); i++) {
        if (!collect_wants(asked[i].blob))
            continue;
        blobs[n] = asked[i].blob;
        questions[n++] = asked[i].question;
    }
    const struct tpm_reply *replies = tpm_talk(conf, questions, n, TPM_TALK_MILLISECONDS, c->arena);
    for (size_t i = 0; i < n; i++) {
        collect_add(c, blobs[i], conf, replies[i].st, replies[i].response);
        if (replies[i].trouble != NULL)
            collect_add(c, "tpm/trouble", conf, ST_OK,
                        span_of(arena_printf(c->arena, "%s %s\n", blobs[i], replies[i].trouble)));
    }
}

const struct source source_tpm_ask = {
    .prefix = "tpm/",
    .summary = "What the TPM answers to TPM2_GetCapability",
    .needs = "root, or membership in the group of /dev/tpmrm0 (often tss)",
    .fetch = fetch,
};
