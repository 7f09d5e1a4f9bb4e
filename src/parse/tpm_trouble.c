/* SPDX-License-Identifier: MIT */
#include "parse/tpm_trouble.h"

bool tpm_trouble_parse(struct span text, struct tpm_trouble *out)
{
    static const char *const words[TPM_TROUBLE_KINDS] = {
        [TPM_TROUBLE_SILENT] = "silent",       [TPM_TROUBLE_CUT_OFF] = "cut-off",
        [TPM_TROUBLE_NO_ANSWER] = "no-answer", [TPM_TROUBLE_BUSY] = "busy",
        [TPM_TROUBLE_NO_DEVICE] = "no-device", [TPM_TROUBLE_NO_LIBRARY] = "no-library",
    };
    struct span blob, word;
    if (!span_next_word(&text, &blob) || !span_next_word(&text, &word))
        return false;
    for (unsigned i = 0; i < TPM_TROUBLE_KINDS; i++) {
        if (!span_is(span_trim(word), words[i]))
            continue;
        *out = (struct tpm_trouble){.blob = blob, .kind = (enum tpm_trouble_kind)i};
        return true;
    }
    return false;
}
