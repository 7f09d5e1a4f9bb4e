/* SPDX-License-Identifier: MIT */
/* The blob "efi/memattr-steps" comes from whoever made the capture. Nothing is repaired. */
#include <assert.h>

#include "fuzz/target.h"
#include "parse/memattr_steps.h"
#include "support/build.h"

static bool within(struct span part, struct span whole)
{
    return part.len == 0 || (part.ptr >= whole.ptr && part.ptr + part.len <= whole.ptr + whole.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct heap h = heap_copy((struct span){data, size});
    struct memattr_steps out;
    memattr_steps_parse(h.span, &out);
    assert(out.n_lines <= MEMATTR_STEPS_KEPT && within(out.route, h.span));
    for (size_t i = 0; i < out.n_lines; i++)
        assert(within(out.lines[i], h.span));
    heap_free(&h);
    return 0;
}
