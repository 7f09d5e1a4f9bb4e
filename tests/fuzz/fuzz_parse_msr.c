/* SPDX-License-Identifier: MIT */
/* The blob `msr` comes from whoever made the capture. Nothing is repaired. */
#include "fuzz/target.h"
#include "parse/msr.h"
#include "support/build.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct heap h = heap_copy((struct span){data, size});
    struct msrs out;
    struct fault fault;
    (void)msr_parse(h.span, &out, &fault);
    heap_free(&h);
    return 0;
}
