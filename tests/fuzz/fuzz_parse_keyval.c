/* SPDX-License-Identifier: MIT */
/* The blobs `kernel` and `dmi`, and text of dmidecode, come from whoever made the capture. Nothing
 * is repaired. */
#include "fuzz/target.h"
#include "parse/keyval.h"
#include "support/build.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct heap h = heap_copy((struct span){data, size});
    struct span value;
    (void)keyval_get(h.span, "release", &value);
    (void)dmi_parse(h.span);
    (void)dmidecode_parse(h.span);
    heap_free(&h);
    return 0;
}
