/* SPDX-License-Identifier: MIT */
/* TPM 2.0 Library, part 2: TPM_RC, TPMA_PERMANENT, TPMA_STARTUP_CLEAR. */
#include "probe/tpm/tpm_state.h"

#include "parse/tpm_trouble.h"
#include "vbscheck/count.h"

static const struct state {
    uint32_t rc;
    const char *word;
    const char *note;
} states[] = {
    {TPM2_RC_INITIALIZE, "not-started", "the TPM was not started (TPM2_Startup) by firmware"},
    {TPM2_RC_FAILURE, "failed-self-test", "the TPM's self-test failed"},
    {TPM2_RC_UPGRADE, "field-upgrade", "the TPM is in field upgrade: its firmware is incomplete"},
    {TPM2_RC_NEEDS_TEST, "testing", "the TPM has not tested itself yet"},
    {TPM2_RC_TESTING, "testing", "the TPM has not tested itself yet"},
    {TPM2_RC_LOCKOUT, "locked-out", "the TPM is in lockout: it refuses authorizations for now"},
};

static const struct state *state_of(uint32_t rc)
{
    for (size_t i = 0; i < COUNT(states); i++) {
        if (states[i].rc == rc)
            return &states[i];
    }
    return NULL;
}

static void note_lockout(const struct probe_run *p, const struct tpm_answers *t)
{
    const char *note = state_of(TPM2_RC_LOCKOUT)->note;
    uint32_t count;
    if (tpm_answer_property(&t->variable, TPM2_PT_LOCKOUT_COUNTER, &count))
        notes_add(p->notes, t->variable.blob, "%s; failed authorizations: %u", note,
                  (unsigned)count);
    else
        notes_add(p->notes, t->variable.blob, "%s", note);
}

/* Firmware setup that hides or disables a TPM may do so through its storage hierarchy. */
static bool is_switched_off(const struct tpm_answers *t)
{
    uint32_t startup;
    return tpm_answer_property(&t->variable, TPM2_PT_STARTUP_CLEAR, &startup) &&
           (startup & TPMA_STARTUP_CLEAR_SHENABLE) == 0;
}

void tpm_state_give(const struct probe_run *p, const struct tpm_answers *t)
{
    const struct tpm_answer *error = tpm_answers_first_error(t);
    struct origin from = origin_of(error != NULL ? error->blob : t->variable.blob);
    uint32_t permanent = 0;
    if (error != NULL) {
        const struct state *s = state_of(error->response.rc);
        if (s != NULL)
            notes_add(p->notes, error->blob, "%s", s->note);
        else
            notes_add(p->notes, error->blob, "the TPM answers with the error 0x%x",
                      (unsigned)error->response.rc);
        facts_text(p->facts, FACT_TPM_STATE, s != NULL ? s->word : "error", from);
    } else if (tpm_answer_property(&t->variable, TPM2_PT_PERMANENT, &permanent)) {
        bool locked = (permanent & TPMA_PERMANENT_INLOCKOUT) != 0;
        bool off = is_switched_off(t);
        if (locked)
            note_lockout(p, t);
        if (off)
            notes_add(p->notes, t->variable.blob,
                      "the TPM is switched off for the system: its storage hierarchy is disabled");
        facts_text(p->facts, FACT_TPM_STATE,
                   off      ? "disabled"
                   : locked ? "locked-out"
                            : "ready",
                   from);
    } else {
        enum status st = tpm_answer_status(&t->variable, TPM2_CAP_TPM_PROPERTIES);
        facts_unknown(p->facts, FACT_TPM_STATE, st != ST_OK ? st : ST_UNSUPPORTED, from);
    }
}

void tpm_state_note_trouble(const struct probe_run *p)
{
    static const char *const meanings[TPM_TROUBLE_KINDS] = {
        [TPM_TROUBLE_SILENT] = "it needed too much time",
        [TPM_TROUBLE_CUT_OFF] = "the communication ended early",
        [TPM_TROUBLE_NO_ANSWER] = "there was no answer",
        [TPM_TROUBLE_BUSY] = "another process has the device open",
        [TPM_TROUBLE_NO_DEVICE] = "the path given is not a device",
        [TPM_TROUBLE_NO_LIBRARY] = "libtss2-tctildr (tpm2-tss) is not installed",
    };
    struct tpm_trouble t;
    if (tpm_trouble_parse(snap_get(p->snap, TPM_TROUBLE).data, &t))
        notes_add(p->notes, arena_text(p->arena, t.blob), "The TPM did not answer: %s",
                  meanings[t.kind]);
}
