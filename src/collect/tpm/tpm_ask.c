/* SPDX-License-Identifier: MIT */
/*
 * What a TPM reports about itself: TPM 2.0 Library, part 2, TPM_CAP. Commands that change a TPM's
 * state are never sent, not even TPM2_Startup. The transport for devices begins with
 * TPM2_GetRandom, to learn whether the driver returns responses in parts.
 */
#include <string.h>
#include <tss2/tss2_tpm2_types.h>

#include "collect/source.h"
#include "vbscheck/count.h"

/* The kernel's resource manager, which can be shared; Linux makes it for TPM 2.0 only. */
#define DEVICE "dev/tpmrm0"

enum { FIRST_TCG_NV = 0x01c00000 }; /* TCG EK Credential Profile: this index and those after it */

static const struct {
    const char *blob;
    struct ask_tpm question;
} asked[] = {
    {"tpm/fixed", {TPM2_CAP_TPM_PROPERTIES, TPM2_PT_FIXED, 16}},
    {"tpm/variable", {TPM2_CAP_TPM_PROPERTIES, TPM2_PT_VAR, 32}},
    {"tpm/pcrs", {TPM2_CAP_PCRS, 0, 1}},
    {"tpm/algorithms", {TPM2_CAP_ALGS, 0, 127}},
    {"tpm/nv", {TPM2_CAP_HANDLES, FIRST_TCG_NV, 254}},
};

/* An item: a word for its trouble, a NUL, the TPM's response. */
static void add_reply(struct collector *c, const char *blob, const char *conf, struct span *items)
{
    struct ask_item item;
    struct span bytes;
    const uint8_t *end = NULL;
    if (ask_next_item(items, &item, &bytes) && bytes.len > 0)
        end = memchr(bytes.ptr, '\0', bytes.len);
    if (end == NULL) {
        collect_add(c, blob, conf, ST_IO_ERROR, (struct span){0});
        return;
    }
    size_t word = (size_t)(end - bytes.ptr);
    collect_add(c, blob, conf, (enum status)item.st, span_skip(bytes, word + 1));
    if (word > 0)
        collect_add(c, "tpm/trouble", conf, ST_OK,
                    span_of(arena_printf(c->arena, "%s %s\n", blob, (const char *)bytes.ptr)));
}

static void fetch(struct collector *c)
{
    struct ask_tpm questions[COUNT(asked)];
    const char *blobs[COUNT(asked)];
    const char *conf = c->from->tcti;
    struct answer w = {.st = ST_IO_ERROR};
    size_t n = 0;
    if (conf == NULL && (!c->live || ask_exists(c->asker, DEVICE) == ST_ABSENT))
        return; /* no blobs: no TPM was asked, and sys/tpm shows whether a driver is there */
    if (conf == NULL)
        conf = "device:/" DEVICE;
    for (size_t i = 0; i < COUNT(asked); i++) {
        if (!collect_wants(asked[i].blob))
            continue;
        blobs[n] = asked[i].blob;
        questions[n++] = asked[i].question;
    }
    if (n == 0)
        return;
    const struct question q = {
        .kind = ASK_TPM,
        .path = "",
        .list = {(const uint8_t *)questions, n * sizeof questions[0]},
    };
    c->asker->ask(c->asker->context, &q, c->arena, &w);
    for (size_t i = 0; i < n; i++)
        add_reply(c, blobs[i], conf, &w.data);
}

const struct source source_tpm_ask = {
    .prefix = "tpm/",
    .summary = "The TPM's answers to TPM2_GetCapability",
    .needs = "root, or membership in the group of /dev/tpmrm0 (often tss)",
    .fetch = fetch,
};
