/* SPDX-License-Identifier: MIT */
#include "probe/tpm/tpm_answers.h"

#include "vbscheck/count.h"

static void read_answer(const struct probe_run *p, const char *name, struct tpm_answer *out)
{
    struct blob b = snap_get(p->snap, name);
    struct fault fault;
    out->blob = name;
    out->st = b.st;
    if (b.st != ST_OK)
        return;
    if (p->libs->mu == NULL) {
        /* Treat it as not asked: the data of the kernel's driver still counts. */
        out->st = ST_NOT_COLLECTED;
        notes_add(p->notes, TPM_FIXED,
                  "the TPM's answers are not judged: tss2-mu (tpm2-tss) is missing");
        return;
    }
    out->st = tpm_response_parse(b.data, p->libs->mu, &out->response, &fault);
    if (out->st != ST_OK)
        notes_add(p->notes, name, "the TPM's answer cannot be judged: %s, at byte %zu", fault.what,
                  fault.offset);
}

enum status tpm_answer_status(const struct tpm_answer *a, uint32_t capability)
{
    if (a->st != ST_OK)
        return a->st;
    if (a->response.family_1)
        return ST_UNSUPPORTED;
    if (a->response.rc != TPM2_RC_SUCCESS)
        return ST_IO_ERROR;
    return a->response.values.capability == capability ? ST_OK : ST_MALFORMED;
}

bool tpm_answer_property(const struct tpm_answer *a, TPM2_PT id, uint32_t *out)
{
    return tpm_answer_status(a, TPM2_CAP_TPM_PROPERTIES) == ST_OK &&
           tpm_response_property(&a->response, id, out);
}

const struct tpm_answer *tpm_answers_first_error(const struct tpm_answers *t)
{
    const struct tpm_answer *all[] = {&t->fixed, &t->variable, &t->pcrs, &t->algorithms, &t->nv};
    for (size_t i = 0; i < COUNT(all); i++) {
        if (all[i]->st == ST_OK && !all[i]->response.family_1 &&
            all[i]->response.rc != TPM2_RC_SUCCESS)
            return all[i];
    }
    return NULL;
}

/*
 * The form of a response shows the family even if it is an error. In failure mode a TPM omits its
 * family from its remaining answers, and rejects other requests.
 */
static unsigned family_of(const struct probe_run *p, const struct tpm_answers *t)
{
    const struct tpm_answer *a = &t->fixed;
    uint32_t family = 0;
    if (a->st != ST_OK)
        return 0;
    if (a->response.family_1)
        return 1;
    bool told = tpm_answer_property(a, TPM2_PT_FAMILY_INDICATOR, &family);
    if (told ? family == TPM_FAMILY_2_0 : tpm_answers_first_error(t) != NULL)
        return 2;
    notes_add(p->notes, a->blob, "the TPM does not report that its family is 2.0");
    return 0;
}

void tpm_answers_read(const struct probe_run *p, struct tpm_answers *out)
{
    read_answer(p, TPM_FIXED, &out->fixed);
    read_answer(p, "tpm/variable", &out->variable);
    read_answer(p, TPM_PCRS, &out->pcrs);
    read_answer(p, "tpm/algorithms", &out->algorithms);
    read_answer(p, "tpm/nv", &out->nv);
    out->family = family_of(p, out);
}
