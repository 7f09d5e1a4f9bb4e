/* SPDX-License-Identifier: MIT */
/*
 * DMAR tables come from the firmware of the machine that is judged, or from whoever made the
 * capture. Length and checksum are repaired on a copy, so that mutations get inside; the input is
 * also parsed as it is.
 */
#include "fuzz/target.h"
#include "parse/acpi/dmar.h"
#include "support/build.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dmar out;
    struct fault fault;
    struct arena a;
    struct heap h = heap_copy((struct span){data, size});
    test_arena(&a);
    (void)dmar_parse(h.span, &a, &out, &fault);
    acpi_repair(h.bytes, size);
    (void)dmar_parse(h.span, &a, &out, &fault);
    arena_reset(&a);
    heap_free(&h);
    return 0;
}
