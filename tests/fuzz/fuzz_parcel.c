/* SPDX-License-Identifier: MIT */
/*
 * A judge that hostile bytes control supplies these bytes: a report, and tables that are compared.
 * There is nothing to repair.
 */
#include "compare/parcel.h"
#include "compare/print.h"
#include "fuzz/target.h"
#include "support/build.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct looks looks = {0};
    struct heap h = heap_copy((struct span){data, size});
    struct side one = {.path = "one"}, two = {.path = "two"};
    struct comparison c;
    const char *problem = NULL;
    struct arena a;
    struct out out;
    test_arena(&a);
    if (parcel_unpack(h.span, &a, &one, &problem) == ST_OK) {
        two.told = one.told;
        compare(&one, &two, &a, &c);
        out_init(&out, &a);
        compare_print_text(&out, &c, &looks);
    }
    arena_reset(&a);
    heap_free(&h);
    return 0;
}
