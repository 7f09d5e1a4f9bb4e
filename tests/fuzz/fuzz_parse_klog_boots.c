/* SPDX-License-Identifier: MIT */
/*
 * Logs come from whoever made the evidence; they are cut into boots, held to be of one host and
 * read for what they list. Nothing is repaired. Boots lie in the log, and do not overlap.
 */
#include <stdlib.h>

#include "fuzz/target.h"
#include "parse/klog/klog_boots.h"
#include "parse/klog/klog_hosts.h"
#include "parse/klog/klog_iommu.h"
#include "parse/klog/klog_order.h"
#include "support/build.h"

static void check_boots(struct span text, const struct klog_boots *boots)
{
    const uint8_t *at = text.ptr;
    for (size_t i = 0; i < boots->n_open; i++) {
        struct span b = boots->open[i];
        if (b.ptr < at || b.len > text.len - (size_t)(b.ptr - text.ptr))
            abort();
        at = b.ptr + b.len;
    }
    if (boots->last.ptr < at || boots->last.ptr + boots->last.len != text.ptr + text.len)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct klog_boots boots;
    struct klog_iommu units;
    struct heap h = heap_copy((struct span){data, size});
    test_arena(&a);
    klog_boots_find(h.span, &a, &boots);
    if (boots.n == 0 || boots.n_open >= boots.n)
        abort();
    check_boots(h.span, &boots);
    (void)klog_is_newest_first(h.span);
    struct klog_hosts hosts = {0};
    const struct klog_host *one = NULL;
    klog_hosts_take(&hosts, h.span, "file");
    const struct klog_host *other = klog_hosts_other(&hosts, &one);
    if (other != NULL && (one == NULL || one == other))
        abort();
    (void)klog_boot_date(boots.last);
    klog_iommu_read(h.span, &a, &units);
    arena_reset(&a);
    heap_free(&h);
    return 0;
}
