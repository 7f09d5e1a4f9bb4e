/* SPDX-License-Identifier: MIT */
/* The kernel's log comes from whoever made the capture. Nothing is repaired. */
#include <assert.h>

#include "fuzz/target.h"
#include "parse/klog/klog_groups.h"
#include "support/build.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct heap h = heap_copy((struct span){data, size});
    struct span rest = h.span;
    struct klog_group out;
    while (klog_groups_next(&rest, &out))
        assert(out.group >= 0 && out.at.device < 32 && out.at.function < 8);
    heap_free(&h);
    return 0;
}
