/* SPDX-License-Identifier: MIT */
/* The release name comes from whoever built the kernel, or made the capture. Nothing is repaired.
 */
#include "fuzz/target.h"
#include "parse/version.h"
#include "support/build.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct heap h = heap_copy((struct span){data, size});
    (void)version_at_least(h.span, 6, 7);
    heap_free(&h);
    return 0;
}
