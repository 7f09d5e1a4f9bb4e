/* SPDX-License-Identifier: MIT */
#include "probe/iommu/ranges.h"

#include "support/cmocka.h"
#include "vbscheck/count.h"

static void must_not_run_out(struct arena *a)
{
    (void)a;
    fail_msg("out of memory");
}

static struct arena new_arena(void)
{
    struct arena a;
    arena_init(&a, 16 << 20, must_not_run_out);
    return a;
}

static void nothing_holds_nothing(void **state)
{
    (void)state;
    struct ranges r = {0};
    ranges_close(&r);
    assert_int_equal(ranges_find(&r, 0), SIZE_MAX);
    assert_int_equal(ranges_find(&r, UINT64_MAX), SIZE_MAX);
}

static void both_ends_belong_to_a_range(void **state)
{
    (void)state;
    struct arena a = new_arena();
    struct ranges r = {0};
    ranges_add(&r, &a, 10, 20, 1);
    ranges_add(&r, &a, 30, 30, 2);
    ranges_add(&r, &a, 0, 0, 3);
    ranges_add(&r, &a, UINT64_MAX, UINT64_MAX, 4);
    ranges_close(&r);
    static const struct {
        uint64_t number;
        size_t value;
    } rows[] = {
        {0, 3},          {1, SIZE_MAX}, {9, SIZE_MAX},  {10, 1},        {20, 1},
        {21, SIZE_MAX},  {30, 2},       {29, SIZE_MAX}, {31, SIZE_MAX}, {UINT64_MAX - 1, SIZE_MAX},
        {UINT64_MAX, 4},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(ranges_find(&r, rows[i].number), rows[i].value);
    arena_reset(&a);
}

static void a_long_range_is_seen_past_short_ones_inside_it(void **state)
{
    (void)state;
    struct arena a = new_arena();
    struct ranges r = {0};
    ranges_add(&r, &a, 50, 60, 2);
    ranges_add(&r, &a, 0, 1000, 1);
    ranges_add(&r, &a, 70, 70, 3);
    ranges_close(&r);
    assert_int_equal(ranges_find(&r, 65), 1);
    assert_int_equal(ranges_find(&r, 1000), 1);
    assert_int_equal(ranges_find(&r, 1001), SIZE_MAX);
    assert_int_not_equal(ranges_find(&r, 55), SIZE_MAX);
    arena_reset(&a);
}

static void a_range_that_ends_before_it_begins_holds_nothing(void **state)
{
    (void)state;
    struct arena a = new_arena();
    struct ranges r = {0};
    ranges_add(&r, &a, 20, 10, 1);
    ranges_close(&r);
    for (uint64_t number = 0; number < 30; number++)
        assert_int_equal(ranges_find(&r, number), SIZE_MAX);
    arena_reset(&a);
}

static void the_order_of_adding_changes_nothing(void **state)
{
    (void)state;
    static const struct range rows[] = {
        {5, 9, 1, 0}, {5, 9, 2, 0}, {5, 7, 3, 0}, {0, 6, 4, 0}, {8, 12, 5, 0},
    };
    size_t found[2][16];
    for (size_t turn = 0; turn < 2; turn++) {
        struct arena a = new_arena();
        struct ranges r = {0};
        for (size_t i = 0; i < COUNT(rows); i++) {
            const struct range *row = &rows[turn == 0 ? i : COUNT(rows) - 1 - i];
            ranges_add(&r, &a, row->first, row->last, row->value);
        }
        ranges_close(&r);
        for (uint64_t number = 0; number < 16; number++)
            found[turn][number] = ranges_find(&r, number);
        arena_reset(&a);
    }
    assert_memory_equal(found[0], found[1], sizeof found[0]);
}

/* Whatever the ranges, a number is found exactly where a look at each of them finds it. */
static void it_finds_what_a_look_at_each_range_finds(void **state)
{
    (void)state;
    enum { ROUNDS = 500, RANGES = 12, NUMBERS = 64 };
    uint32_t seed = 1;
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct arena a = new_arena();
        struct ranges r = {0};
        uint64_t first[RANGES], last[RANGES];
        for (size_t i = 0; i < RANGES; i++) {
            seed = seed * 1664525 + 1013904223;
            first[i] = seed >> 16 & (NUMBERS - 1);
            last[i] = first[i] + (seed >> 26 & 7);
            ranges_add(&r, &a, first[i], last[i], i);
        }
        ranges_close(&r);
        for (uint64_t number = 0; number < NUMBERS + 8; number++) {
            bool held = false;
            for (size_t i = 0; i < RANGES; i++)
                held = held || (first[i] <= number && number <= last[i]);
            size_t value = ranges_find(&r, number);
            assert_int_equal(value != SIZE_MAX, held);
            if (held)
                assert_true(first[value] <= number && number <= last[value]);
        }
        arena_reset(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_holds_nothing),
        cmocka_unit_test(both_ends_belong_to_a_range),
        cmocka_unit_test(a_long_range_is_seen_past_short_ones_inside_it),
        cmocka_unit_test(a_range_that_ends_before_it_begins_holds_nothing),
        cmocka_unit_test(the_order_of_adding_changes_nothing),
        cmocka_unit_test(it_finds_what_a_look_at_each_range_finds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
