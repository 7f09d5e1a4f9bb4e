/* SPDX-License-Identifier: MIT */
/* Logs come from whoever made the capture; devices and firmware name themselves in them. Nothing is
 * repaired. */
#include "fuzz/target.h"
#include "parse/klog/klog.h"
#include "support/build.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct heap h = heap_copy((struct span){data, size});
    struct klog out;
    struct span rest = h.span;
    struct span line;
    (void)klog_parse(h.span, &out);
    while (span_next_line(&rest, &line))
        (void)klog_matters(klog_message(line));
    heap_free(&h);
    return 0;
}
