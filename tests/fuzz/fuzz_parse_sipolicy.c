/* SPDX-License-Identifier: MIT */
/*
 * Block policies come from whoever is trusted with them, over whatever way. Both forms are tried; a
 * binary one has no sum that would have to be repaired.
 */
#include "fuzz/target.h"
#include "parse/sipolicy/sipolicy.h"
#include "support/build.h"
#include "support/libs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct sipolicy p;
    const char *problem;
    struct heap h = heap_copy((struct span){data, size});
    test_arena(&a);
    (void)sipolicy_parse(h.span, test_xml, &a, &p, &problem);
    (void)sipolicy_parse_binary(h.span, &a, &p, NULL);
    arena_reset(&a);
    heap_free(&h);
    return 0;
}
