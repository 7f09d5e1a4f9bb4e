/* SPDX-License-Identifier: MIT */
/* Whoever sends reports of one line each supplies these bytes. There is nothing to repair. */
#include "fleet/print.h"
#include "fleet/reader.h"
#include "fuzz/target.h"
#include "support/build.h"

static struct span next(void *context, size_t file, struct arena *a)
{
    struct span *rest = context;
    size_t n = rest->len < 4096 ? rest->len : 4096;
    (void)file;
    struct span piece = {(const uint8_t *)arena_text(a, (struct span){rest->ptr, n}), n};
    *rest = span_skip(*rest, n);
    return piece;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const files[] = {"-"};
    static const struct looks looks = {0};
    struct arena arena;
    struct fleet fleet;
    struct out out;
    struct heap copy = heap_copy((struct span){data, size});
    struct span rest = copy.span;
    const struct fleet_source from = {files, 1, next, &rest};
    test_arena(&arena);
    fleet_init(&fleet, &arena);
    fleet_read(&fleet, &from);
    out_init(&out, &arena);
    fleet_print_text(&out, &fleet, &looks);
    fleet_print_markdown(&out, &fleet, &looks);
    fleet_print_html(&out, &fleet, &looks);
    fleet_print_json(&out, &fleet, &looks);
    arena_reset(&arena);
    heap_free(&copy);
    return 0;
}
