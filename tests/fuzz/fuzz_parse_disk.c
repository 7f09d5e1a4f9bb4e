/* SPDX-License-Identifier: MIT */
/* The first sectors of somebody's disk. The sums of a GPT are not repaired: its copy is tried. */
#include <string.h>

#include "fuzz/target.h"
#include "parse/disk/disk.h"
#include "support/build.h"

static enum status read_input(void *context, uint64_t at, void *to, size_t n)
{
    const struct heap *h = context;
    if (at > h->span.len || n > h->span.len - at)
        return ST_TRUNCATED;
    memcpy(to, h->span.ptr + at, n);
    return ST_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct heap h = heap_copy((struct span){data, size});
    const struct disk d = {&h, size, read_input};
    struct partitions p;
    (void)volume_kind_of(h.span);
    (void)disk_container(h.span);
    (void)disk_is_wim(h.span);
    if (disk_partitions(&d, &p) == ST_OK) {
        for (size_t i = 0; i < p.n; i++) {
            if (p.items[i].start > size || p.items[i].size > size - p.items[i].start)
                __builtin_trap();
        }
    }
    heap_free(&h);
    return 0;
}
