/* SPDX-License-Identifier: MIT */
/* Catalogs come with driver packs. There is nothing to repair: no sum covers what is read. */
#include "fuzz/target.h"
#include "parse/signature/catalog.h"
#include "support/build.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct catalog c;
    struct fault f;
    struct heap h = heap_copy((struct span){data, size});
    test_arena(&a);
    if (catalog_is(h.span) && catalog_parse(h.span, &a, &c, &f) == ST_OK && c.n_members > 0)
        (void)catalog_has(&c, c.members[0]);
    arena_reset(&a);
    heap_free(&h);
    return 0;
}
