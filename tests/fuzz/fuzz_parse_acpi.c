/* SPDX-License-Identifier: MIT */
/*
 * Tables come from the firmware of the machine that is judged, or from whoever made the capture.
 * Length and checksum are repaired on a copy; its body is walked as records of each form.
 */
#include <stdlib.h>

#include "fuzz/target.h"
#include "parse/acpi/acpi.h"
#include "support/build.h"
#include "vbscheck/count.h"

/* What is left must shrink with every record, or the walk would not end. */
static void walk(struct rd body, enum acpi_rec_form form)
{
    struct acpi_rec rec;
    size_t before = rd_left(&body);
    while (acpi_next_rec(&body, form, &rec)) {
        if (rec.whole.len == 0 || rd_left(&body) >= before)
            abort();
        before = rd_left(&body);
        while (rd_left(&rec.body) > 0)
            (void)rd_u8(&rec.body);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const enum acpi_rec_form forms[] = {ACPI_REC_U16_U16, ACPI_REC_U8_FLAGS_U16,
                                               ACPI_REC_U8_U16, ACPI_REC_U8_U8};
    struct acpi_table t;
    struct fault fault;
    struct heap h = heap_copy((struct span){data, size});
    acpi_repair(h.bytes, size);
    if (acpi_open(h.span, "TEST", &t, &fault) == ST_OK) {
        for (size_t i = 0; i < COUNT(forms); i++)
            walk(t.body, forms[i]);
    }
    heap_free(&h);
    return 0;
}
