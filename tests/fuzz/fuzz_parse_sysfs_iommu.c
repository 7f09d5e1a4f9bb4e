/* SPDX-License-Identifier: MIT */
/* The blob "sys/iommu" comes from whoever made the capture. Nothing is repaired. */
#include <assert.h>
#include <setjmp.h>

#include "fuzz/target.h"
#include "parse/sysfs_iommu.h"
#include "support/build.h"

static jmp_buf over_limit;

static void oom(struct arena *a)
{
    (void)a;
    longjmp(over_limit, 1);
}

static bool within(struct span part, struct span whole)
{
    return part.len == 0 || (part.ptr >= whole.ptr && part.ptr + part.len <= whole.ptr + whole.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct heap h = heap_copy((struct span){data, size});
    struct arena a;
    struct sysfs_iommu out;
    arena_init(&a, 64U << 20, oom);
    if (setjmp(over_limit) == 0) {
        sysfs_iommu_parse(h.span, &a, &out);
        for (size_t i = 0; i < out.n; i++)
            assert(within(out.units[i].name, h.span) && out.units[i].name.len > 0);
    }
    arena_reset(&a);
    heap_free(&h);
    return 0;
}
