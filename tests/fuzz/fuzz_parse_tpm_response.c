/* SPDX-License-Identifier: MIT */
/*
 * Responses come from the TPM of the machine that is judged, or whoever sits on the bus to it, or
 * from whoever made the capture. Tag and size are repaired on a copy, so that mutations get inside;
 * the input is also parsed as it is.
 */
#include "fuzz/target.h"
#include "parse/tpm_response.h"
#include "support/build.h"

enum { HEADER_LEN = 10 };

static void walk(struct span s)
{
    struct tpm_response t;
    struct fault fault;
    uint32_t value = 0;
    uint16_t id;
    bool allocated;
    if (tpm_response_parse(s, &t, &fault) != ST_OK)
        return;
    (void)tpm_response_property(&t, TPM_PT_FAMILY_INDICATOR, &value);
    for (struct rd r = t.items; tpm_next_bank(&r, &id, &allocated);)
        ;
    for (struct rd r = t.items; tpm_next_algorithm(&r, &id, &value);)
        (void)tpm_hash_name(id);
    for (struct rd r = t.items; tpm_next_handle(&r, &value);)
        ;
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
