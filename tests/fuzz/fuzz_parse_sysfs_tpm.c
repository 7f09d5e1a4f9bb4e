/* SPDX-License-Identifier: MIT */
/* The blob "sys/tpm" comes from whoever made the capture. Nothing is repaired. */
#include <assert.h>

#include "fuzz/target.h"
#include "parse/sysfs_tpm.h"
#include "support/build.h"

static bool within(struct span part, struct span whole)
{
    return part.len == 0 || (part.ptr >= whole.ptr && part.ptr + part.len <= whole.ptr + whole.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct heap h = heap_copy((struct span){data, size});
    struct sysfs_tpm out;
    sysfs_tpm_parse(h.span, &out);
    assert(out.family <= 2 && within(out.banks, h.span));
    heap_free(&h);
    return 0;
}
