/* SPDX-License-Identifier: MIT */
/*
 * What a TPM says of itself: TPM 2.0 Library, part 2, TPM_CAP. Commands that change a TPM's state
 * are never sent, not even TPM2_Startup.
 */
#include <string.h>

#include "collect/collect.h"
#include "collect/root.h"
#include "collect/tpm_talk.h"
#include "vbscheck/count.h"

/* The kernel's resource manager, which can be shared; Linux makes it for TPM 2.0 only. */
#define DEVICE "dev/tpmrm0"

enum {
    CAP_ALGS = 0,
    CAP_HANDLES = 1,
    CAP_PCRS = 5,
    CAP_TPM_PROPERTIES = 6,
    PT_FIXED = 0x100,
    PT_VAR = 0x200,
    FIRST_TCG_NV = 0x01c00000, /* TCG EK Credential Profile: this index and those after it */
};

static const struct {
    const char *blob;
    struct tpm_question question;
} asked[] = {
    {"tpm/fixed", {CAP_TPM_PROPERTIES, PT_FIXED, 16}},
    {"tpm/variable", {CAP_TPM_PROPERTIES, PT_VAR, 32}},
    {"tpm/pcrs", {CAP_PCRS, 0, 1}},
    {"tpm/algorithms", {CAP_ALGS, 0, 127}},
    {"tpm/nv", {CAP_HANDLES, FIRST_TCG_NV, 254}},
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
        if (replies[i].hint != NULL)
            notes_add(&c->snap->notes, blobs[i], "The TPM was asked in vain: %s", replies[i].hint);
    }
}

const struct source source_tpm_ask = {
    .prefix = "tpm/",
    .summary = "What the TPM answers to TPM2_GetCapability",
    .needs = "root, or membership in the group of /dev/tpmrm0 (often tss)",
    .fetch = fetch,
};
