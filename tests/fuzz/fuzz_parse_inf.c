/* SPDX-License-Identifier: MIT */
/* INF files come with driver packs. There is nothing to repair: no sum covers them. */
#include "fuzz/target.h"
#include "parse/inf.h"
#include "support/build.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct inf inf;
    struct fault f;
    struct heap h = heap_copy((struct span){data, size});
    test_arena(&a);
    if (inf_parse(h.span, &a, &a, &inf, &f) == ST_OK) {
        (void)inf_installs(&inf, "made.sys");
        (void)inf_hardware(&inf, "amd64", &a);
    }
    arena_reset(&a);
    heap_free(&h);
    return 0;
}
