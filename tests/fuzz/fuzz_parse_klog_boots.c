/* SPDX-License-Identifier: MIT */
/* Logs come from whoever made the evidence; they are cut into boots and read for what they list.
 * Nothing is repaired. */
#include <stdlib.h>

#include "fuzz/target.h"
#include "parse/klog/klog_boots.h"
#include "parse/klog/klog_iommu.h"
#include "support/build.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct klog_boots boots;
    struct klog_iommu units;
    struct heap h = heap_copy((struct span){data, size});
    test_arena(&a);
    klog_boots_find(h.span, &a, &boots);
    if (boots.n == 0 || boots.last.len > size || boots.n_open >= boots.n)
        abort();
    (void)klog_boot_date(boots.last);
    klog_iommu_read(h.span, &a, &units);
    arena_reset(&a);
    heap_free(&h);
    return 0;
}
