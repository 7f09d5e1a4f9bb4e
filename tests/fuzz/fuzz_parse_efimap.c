/* SPDX-License-Identifier: MIT */
/* Memory maps come from whoever made the capture or the log. Nothing is repaired. */
#include "fuzz/target.h"
#include "parse/klog/efimap.h"
#include "support/build.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct heap h = heap_copy((struct span){data, size});
    struct arena a;
    struct efimap out;
    struct fault fault;
    bool whole = false;
    test_arena(&a);
    (void)efimap_parse(h.span, &a, &out, &fault);
    efimap_read_log(h.span, &a, &out, &whole);
    arena_reset(&a);
    heap_free(&h);
    return 0;
}
