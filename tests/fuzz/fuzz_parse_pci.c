/* SPDX-License-Identifier: MIT */
/* The blob "pci" comes from whoever made the capture. Nothing is repaired. */
#include <assert.h>
#include <setjmp.h>

#include "fuzz/target.h"
#include "parse/pci/pci.h"
#include "support/build.h"

static jmp_buf over_limit;

static void oom(struct arena *a)
{
    (void)a;
    longjmp(over_limit, 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct heap h = heap_copy((struct span){data, size});
    struct arena a;
    struct pci_tree out;
    struct fault fault;
    arena_init(&a, 64U << 20, oom);
    if (setjmp(over_limit) == 0 && pci_parse(h.span, &a, &out, &fault) == ST_OK) {
        for (size_t i = 0; i < out.n; i++)
            assert(pci_find(&out, out.functions[i].at) == &out.functions[i]);
    }
    arena_reset(&a);
    heap_free(&h);
    return 0;
}
