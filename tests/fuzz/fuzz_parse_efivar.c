/* SPDX-License-Identifier: MIT */
/* Variables hold what firmware, or anybody with root once, wrote into them. Nothing is repaired. */
#include "fuzz/target.h"
#include "parse/efivar.h"
#include "support/build.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct heap h = heap_copy((struct span){data, size});
    struct efivar out;
    (void)efivar_parse(h.span, &out);
    heap_free(&h);
    return 0;
}
