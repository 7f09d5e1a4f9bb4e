/* SPDX-License-Identifier: MIT */
/*
 * Whoever sends a capture supplies these bytes: the first one chooses a table, the rest is that of
 * one side and, changed in one byte and cut by some, of the other. The sums of ACPI tables are
 * repaired, so that what they describe is compared too.
 */
#include <string.h>

#include "compare/compare.h"
#include "fuzz/target.h"
#include "support/build.h"
#include "vbscheck/count.h"

static void repair(uint8_t *table, size_t n)
{
    uint8_t sum = 0;
    if (n < 36)
        return;
    table[9] = 0;
    for (size_t i = 0; i < n; i++)
        sum = (uint8_t)(sum + table[i]);
    table[9] = (uint8_t)(0x100 - sum);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"acpi/DMAR", "efi/memattr", "acpi/WSMT"};
    struct arena arena;
    struct comparison c = {0};
    if (size < 4)
        return 0;
    const char *name = names[data[0] % COUNT(names)];
    size_t cut = data[1] % 16 < size - 3 ? data[1] % 16 : 0, n = size - 3;
    test_arena(&arena);
    uint8_t *l = arena_alloc(&arena, n, 1), *r = arena_alloc(&arena, n - cut, 1);
    memcpy(l, data + 3, n);
    memcpy(r, data + 3, n - cut);
    r[data[2] % (n - cut)] ^= data[1];
    repair(l, n);
    repair(r, n - cut);
    const struct blob x = {.name = name, .st = ST_OK, .data = {l, n}};
    const struct blob y = {.name = name, .st = ST_OK, .data = {r, n - cut}};
    const struct side a = {.blobs = &x, .n_blobs = 1}, b = {.blobs = &y, .n_blobs = 1};
    compare_tables(&a, &b, &arena, &c);
    for (size_t i = 0; i < c.n_tables; i++)
        (void)table_words(&c.tables[i], &arena);
    arena_reset(&arena);
    return 0;
}
