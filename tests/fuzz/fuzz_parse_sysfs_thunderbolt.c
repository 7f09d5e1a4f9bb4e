/* SPDX-License-Identifier: MIT */
/* The blob "sys/thunderbolt" comes from whoever made the capture. Nothing is repaired. */
#include <assert.h>

#include "fuzz/target.h"
#include "parse/sysfs_thunderbolt.h"
#include "support/build.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct heap h = heap_copy((struct span){data, size});
    struct sysfs_thunderbolt out;
    sysfs_thunderbolt_parse(h.span, &out);
    assert(out.told || !out.protects);
    heap_free(&h);
    return 0;
}
