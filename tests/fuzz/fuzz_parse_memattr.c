/* SPDX-License-Identifier: MIT */
/*
 * The table lies in memory that firmware wrote and kernels did not always keep; logs come from
 * whoever made the capture. Nothing is repaired: there is no sum.
 */
#include "fuzz/target.h"
#include "parse/memattr.h"
#include "support/build.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct heap h = heap_copy((struct span){data, size});
    struct arena a;
    struct memattr out;
    struct memattr_log log;
    struct fault fault;
    test_arena(&a);
    (void)memattr_looks_like(h.span);
    (void)memattr_parse(h.span, &a, &out, &fault);
    memattr_read_log(h.span, &a, &log);
    arena_reset(&a);
    heap_free(&h);
    return 0;
}
