/* SPDX-License-Identifier: MIT */
/*
 * SMBIOS comes from firmware, blobs from whoever made the capture, texts of dmidecode and lsblk
 * from whoever gave them. Nothing is repaired.
 */
#include <assert.h>

#include "fuzz/target.h"
#include "parse/hardware/memory.h"
#include "parse/hardware/psp.h"
#include "parse/hardware/storage.h"
#include "support/build.h"

/* What is written is understood when it is read. */
static void check_disks(struct span blob, struct arena *a)
{
    struct disks *d = arena_new(a, struct disks, 1);
    disks_parse(blob, d);
    assert(d->n <= DISKS_MAX);
    for (size_t i = 0; i < d->n; i++)
        assert(d->items[i].name.len > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct heap h = heap_copy((struct span){data, size});
    struct arena a;
    struct psp psp;
    uint64_t mib = 0;
    test_arena(&a);
    psp_parse(h.span, &psp);
    (void)memory_total_parse(h.span, &mib);
    check_disks(h.span, &a);
    check_disks(disks_of_lsblk(h.span, &a), &a);
    struct memory_modules m = memory_modules_parse(memory_of_smbios(h.span, &a));
    assert(m.slots <= MEMORY_SLOTS_MAX);
    m = memory_modules_parse(memory_of_dmidecode(h.span, &a));
    assert(m.slots <= MEMORY_SLOTS_MAX && m.not_sized <= m.slots);
    (void)memory_modules_parse(h.span);
    arena_reset(&a);
    heap_free(&h);
    return 0;
}
