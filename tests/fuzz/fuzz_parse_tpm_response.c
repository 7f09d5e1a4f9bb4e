/* SPDX-License-Identifier: MIT */
/*
 * Responses come from the TPM of the machine that is judged, or whoever sits on the bus to it, or
 * from whoever made the capture. Tag and size are repaired on a copy, so that mutations get inside;
 * the input is also parsed as it is. Run it with TSS2_LOG=all+none, or tss2-mu fills the terminal.
 */
#include "fuzz/target.h"
#include "parse/tpm_response.h"
#include "support/build.h"
#include "support/libs.h"

enum { HEADER_LEN = 10 };

static void walk(struct span s)
{
    struct tpm_response t;
    struct fault fault;
    uint32_t value = 0;
    if (tpm_response_parse(s, test_libs.mu, &t, &fault) != ST_OK || t.rc != TPM2_RC_SUCCESS)
        return;
    (void)tpm_response_property(&t, TPM2_PT_FAMILY_INDICATOR, &value);
    const TPML_PCR_SELECTION *banks = &t.values.data.assignedPCR;
    const TPML_ALG_PROPERTY *algorithms = &t.values.data.algorithms;
    const TPML_HANDLE *handles = &t.values.data.handles;
    if (t.values.capability == TPM2_CAP_PCRS) {
        for (uint32_t i = 0; i < banks->count; i++)
            (void)tpm_bank_is_allocated(&banks->pcrSelections[i]);
    } else if (t.values.capability == TPM2_CAP_ALGS) {
        for (uint32_t i = 0; i < algorithms->count; i++)
            (void)tpm_hash_name(algorithms->algProperties[i].alg);
    } else if (t.values.capability == TPM2_CAP_HANDLES) {
        for (uint32_t i = 0; i < handles->count; i++)
            value ^= handles->handle[i];
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct heap h = heap_copy((struct span){data, size});
    walk(h.span);
    if (size >= HEADER_LEN) {
        h.bytes[0] = 0x80;
        h.bytes[1] = 0x01;
        for (unsigned i = 0; i < 4; i++) {
            h.bytes[2 + i] = (uint8_t)(size >> (24 - 8 * i));
            h.bytes[6 + i] = 0;
        }
        walk(h.span);
    }
    heap_free(&h);
    return 0;
}
