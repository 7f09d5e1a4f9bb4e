/* SPDX-License-Identifier: MIT */
/* /proc/iomem, the only text that the process with rights looks into. There is nothing to repair.
 */
#include <stdlib.h>

#include "fuzz/target.h"
#include "reader/iomem.h"
#include "support/build.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct heap h = heap_copy((struct span){data, size});
    struct arena a;
    test_arena(&a);
    struct iomem m = iomem_parse(h.span, &a);
    for (size_t i = 0; i < m.n && i < 64; i++) {
        uint64_t end = 0, at = m.ranges[i].first;
        (void)iomem_is_memory(&m, at, &end);
        if (end < at)
            abort();
    }
    arena_reset(&a);
    heap_free(&h);
    return 0;
}
