/* SPDX-License-Identifier: MIT */
/* Reports of Windows come from whoever copied them, the blob `windows` from whoever made the
 * capture. Nothing is repaired. */
#include <stdlib.h>

#include "fuzz/target.h"
#include "parse/windows/windows.h"
#include "support/build.h"

static void out_of_memory(struct arena *a)
{
    (void)a;
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct heap h = heap_copy((struct span){data, size});
    struct arena a;
    struct windows w = {0};
    arena_init(&a, 64U << 20, out_of_memory);
    enum status st = windows_parse(h.span, &a, &w, NULL);
    (void)windows_read(windows_write(&w, st, &a), &w);
    (void)windows_read(h.span, &w);
    arena_reset(&a);
    heap_free(&h);
    return 0;
}
