/* SPDX-License-Identifier: MIT */
/* Tables of --labels come from spreadsheets. */
#include "fuzz/target.h"
#include "parse/csv/csv.h"
#include "support/build.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct csv_record record;
    size_t lines = 0;
    const char *problem = NULL;
    struct heap h = heap_copy((struct span){data, size});
    struct span rest = csv_begin(h.span);
    test_arena(&a);
    while (csv_next(&rest, &a, &record, &lines, &problem) == ST_OK)
        arena_reset(&a);
    arena_reset(&a);
    heap_free(&h);
    return 0;
}
