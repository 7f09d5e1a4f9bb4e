/* SPDX-License-Identifier: MIT */
/*
 * MCFG tables come from the firmware of the machine that is judged, or from whoever made the
 * capture. Length and checksum are repaired on a copy, so that mutations get inside; the input is
 * also parsed as it is.
 */
#include <stdlib.h>

#include "fuzz/target.h"
#include "parse/acpi/mcfg.h"
#include "support/build.h"

static void out_of_memory(struct arena *a)
{
    (void)a;
    abort();
}

static void parse(struct span table)
{
    struct arena a;
    struct mcfg out;
    struct fault fault;
    arena_init(&a, 48U << 20, out_of_memory);
    if (mcfg_parse(table, &a, &out, &fault) == ST_OK) {
        for (size_t i = 0; i < out.n; i++) {
            if (out.entries[i].last_bus < out.entries[i].first_bus)
                abort();
        }
        if (out.segments > out.n)
            abort();
    }
    arena_reset(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct heap h = heap_copy((struct span){data, size});
    parse(h.span);
    acpi_repair(h.bytes, size);
    parse(h.span);
    heap_free(&h);
    return 0;
}
