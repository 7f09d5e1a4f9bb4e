/* SPDX-License-Identifier: MIT */
/* Signatures come from whoever made the driver. There is nothing to repair. */
#include "fuzz/target.h"
#include "parse/signature/authenticode.h"
#include "support/build.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct signatures all = {0};
    struct span content;
    struct heap h = heap_copy((struct span){data, size});
    test_arena(&a);
    (void)authenticode_parse(h.span, &a, &all, NULL);
    (void)pkcs7_content(h.span, (struct span){data, size > 9 ? 9 : size}, 0x04, &content);
    arena_reset(&a);
    heap_free(&h);
    return 0;
}
