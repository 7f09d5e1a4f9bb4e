/* SPDX-License-Identifier: MIT */
/*
 * APIC tables come from the firmware of the machine that is judged, or from whoever made the
 * capture. Length and checksum are repaired on a copy, so that mutations get inside; the input is
 * also parsed as it is.
 */
#include "fuzz/target.h"
#include "parse/acpi/madt.h"
#include "support/build.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct madt out;
    struct fault fault;
    struct heap h = heap_copy((struct span){data, size});
    (void)madt_parse(h.span, &out, &fault);
    acpi_repair(h.bytes, size);
    (void)madt_parse(h.span, &out, &fault);
    heap_free(&h);
    return 0;
}
