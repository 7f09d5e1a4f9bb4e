/* SPDX-License-Identifier: MIT */
/*
 * Whoever sends a JSON report supplies these bytes: two of them with a NUL between, or one that is
 * compared with itself. There is nothing to repair.
 */
#include <string.h>

#include "compare/print.h"
#include "fuzz/target.h"
#include "support/build.h"

static void print_all(const struct comparison *c, struct arena *a)
{
    static const struct looks looks = {0};
    struct out out;
    out_init(&out, a);
    compare_print_text(&out, c, &looks);
    compare_print_markdown(&out, c, &looks);
    compare_print_json(&out, c, &looks);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct side a = {.path = "a"}, b = {.path = "b"};
    struct comparison c;
    const char *problem = NULL;
    const uint8_t *nul = size > 0 ? memchr(data, 0, size) : NULL;
    size_t first = nul != NULL ? (size_t)(nul - data) : size, second = nul != NULL ? first + 1 : 0;
    struct heap x = heap_copy((struct span){data, first});
    struct heap y = heap_copy((struct span){data + second, size - second});
    test_arena(&arena);
    enum status l = told_read(x.span, &arena, &a.told, &problem);
    enum status r = told_read(y.span, &arena, &b.told, &problem);
    if (l == ST_OK && r == ST_OK) {
        compare(&a, &b, &arena, &c);
        print_all(&c, &arena);
    }
    arena_reset(&arena);
    heap_free(&x);
    heap_free(&y);
    return 0;
}
