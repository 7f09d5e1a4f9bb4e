/* SPDX-License-Identifier: MIT */
/* The blob "tpm/trouble" comes from whoever made the capture. Nothing is repaired. */
#include <assert.h>

#include "fuzz/target.h"
#include "parse/tpm_trouble.h"
#include "support/build.h"

static bool within(struct span part, struct span whole)
{
    return part.len == 0 || (part.ptr >= whole.ptr && part.ptr + part.len <= whole.ptr + whole.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct heap h = heap_copy((struct span){data, size});
    struct tpm_trouble out;
    if (tpm_trouble_parse(h.span, &out))
        assert(out.kind < TPM_TROUBLE_KINDS && within(out.blob, h.span) && out.blob.len > 0);
    heap_free(&h);
    return 0;
}
