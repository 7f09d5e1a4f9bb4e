/* SPDX-License-Identifier: MIT */
/* "cpuinfo.txt" and the blob of that name come from whoever made the capture. Nothing is repaired.
 */
#include "fuzz/target.h"
#include "parse/cpuinfo.h"
#include "support/build.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct heap h = heap_copy((struct span){data, size});
    struct cpuinfo out;
    struct fault fault;
    (void)cpuinfo_parse(h.span, &out, &fault);
    heap_free(&h);
    return 0;
}
