/* SPDX-License-Identifier: MIT */
#include "parse/vtd.h"

#include <string.h>

#include "support/cmocka.h"
#include "support/torture.h"
#include "vbscheck/count.h"

#define SYS                                                                                        \
    "unit dmar0 address fed90000\nunit dmar0 cap 1c0000c40660462\nunit dmar0 ecap 49e2ff0505e\n"   \
    "unit dmar0 version 5:0\nunit dmar1 address fed91000\nunit dmar1 cap d2008c40660462\n"         \
    "unit dmar1 ecap f050da\ngroups 14\ntype DMA-FQ 14\n"
#define LOG(name, base)                                                                            \
    "DMAR: " name ": reg_base_addr " base " ver 1:0 cap d2008c40660462 ecap f050da"

static void must_not_run_out(struct arena *a)
{
    (void)a;
    fail_msg("out of memory");
}

static void new_arena(struct arena *a)
{
    arena_init(a, 64 << 20, must_not_run_out);
}

static void reads_what_the_driver_shows(void **state)
{
    (void)state;
    struct arena a;
    struct vtd_units u;
    new_arena(&a);
    vtd_parse(span_of(SYS), (struct span){0}, &a, &u);
    assert_int_equal(u.n, 2);
    assert_int_equal(u.items[0].base, 0xfed90000);
    assert_int_equal(u.items[0].cap, 0x1c0000c40660462);
    assert_int_equal(u.items[0].ecap, 0x49e2ff0505e);
    assert_false(u.items[0].from_log);
    assert_int_equal(vtd_find(&u, 0xfed91000)->ecap, 0xf050da);
    assert_null(vtd_find(&u, 0xfed92000));
    assert_null(vtd_find(&u, 0));
    arena_reset(&a);
}

static void reads_the_log_in_any_order_of_bases(void **state)
{
    (void)state;
    struct arena a;
    struct vtd_units u;
    new_arena(&a);
    vtd_parse(
        (struct span){0},
        span_of("[    0.1] " LOG(
            "dmar1", "fed91000") "\n[    0.1] something else\n"
                                 "<6>[    0.1] " LOG(
                                     "dmar0", "fed90000") "\r\n"
                                                          "kern  :info  : [    0.1] " LOG(
                                                              "dmar12", "fffffffffed92000") "\n"),
        &a, &u);
    assert_int_equal(u.n, 3);
    assert_int_equal(u.items[0].base, 0xfed90000);
    assert_int_equal(u.items[2].base, 0xfffffffffed92000);
    assert_true(vtd_find(&u, 0xfed91000)->from_log);
    arena_reset(&a);
}

static void the_driver_counts_where_both_tell(void **state)
{
    (void)state;
    struct arena a;
    struct vtd_units u;
    new_arena(&a);
    vtd_parse(span_of(SYS), span_of(LOG("dmar0", "fed90000") "\n" LOG("dmar2", "fed92000")), &a,
              &u);
    assert_int_equal(u.n, 3);
    assert_false(vtd_find(&u, 0xfed90000)->from_log);
    assert_int_equal(vtd_find(&u, 0xfed90000)->cap, 0x1c0000c40660462);
    assert_true(vtd_find(&u, 0xfed92000)->from_log);
    arena_reset(&a);
}

static void leaves_out_units_of_which_a_part_is_missing(void **state)
{
    (void)state;
    static const char *const sys[] = {
        "unit dmar0 address fed90000\nunit dmar0 cap 1\n",
        "unit dmar0 address fed90000\nunit dmar0 ecap 1\n",
        "unit dmar0 cap 1\nunit dmar0 ecap 1\n",
        "unit dmar0 address fed90000\nunit dmar0 cap 1\nunit dmar1 ecap 1\n",
        "unit dmar0 address xyz\nunit dmar0 cap 1\nunit dmar0 ecap 1\n",
        "unit dmar0 address fed90000\nunit dmar0 cap\nunit dmar0 ecap 1\n",
        "unit dmar0 address fed90000\nunit dmar0 cap 11111111111111111\nunit dmar0 ecap 1\n",
        "dmar0 address fed90000\ndmar0 cap 1\ndmar0 ecap 1\n",
        "unit dmar0\nunit\n\n",
        "",
    };
    static const char *const logs[] = {
        "DMAR: dmar0: reg_base_addr fed90000 ver 1:0 cap d2008c40660462",
        "DMAR: dmar0: reg_base_addr fed90000 ver 1:0 cap d2008c40660462 ecap",
        "DMAR: dmar0: reg_base_addr fed90000 ver 1:0 ecap f050da cap d2008c40660462",
        "DMAR: dmar0: reg_base_addr fed90000 ver 1 cap 1 ecap 1",
        "DMAR: dmar0: reg_base_addr fed90000 cap 1 ecap 1",
        "DMAR: dmar: reg_base_addr fed90000 ver 1:0 cap 1 ecap 1",
        "DMAR: dmar0 reg_base_addr fed90000 ver 1:0 cap 1 ecap 1",
        "DMAR: dmar0: X: reg_base_addr fed90000 ver 1:0 cap 1 ecap 1",
        "usb: " LOG("dmar0", "fed90000"),
        "DMAR: DRHD base: 0x000000fed90000 flags: 0x0",
    };
    for (size_t i = 0; i < COUNT(sys) + COUNT(logs); i++) {
        struct arena a;
        struct vtd_units u;
        new_arena(&a);
        bool of_log = i >= COUNT(sys);
        vtd_parse(span_of(of_log ? "" : sys[i]), span_of(of_log ? logs[i - COUNT(sys)] : ""), &a,
                  &u);
        if (u.n != 0)
            fail_msg("believed: %s", of_log ? logs[i - COUNT(sys)] : sys[i]);
        assert_null(vtd_find(&u, 0xfed90000));
        arena_reset(&a);
    }
}

static void registers_of_ones_are_nobodys_answer(void **state)
{
    (void)state;
    static const char *const sys[] = {
        "unit dmar0 address fed90000\nunit dmar0 cap ffffffffffffffff\nunit dmar0 ecap 1\n",
        "unit dmar0 address fed90000\nunit dmar0 cap 1\nunit dmar0 ecap ffffffffffffffff\n",
    };
    for (size_t i = 0; i < COUNT(sys); i++) {
        struct arena a;
        struct vtd_units u;
        new_arena(&a);
        vtd_parse(span_of(sys[i]), (struct span){0}, &a, &u);
        assert_int_equal(u.n, 0);
        /* What the log told before they broke counts then. */
        vtd_parse(span_of(sys[i]), span_of(LOG("dmar0", "fed90000")), &a, &u);
        assert_int_equal(u.n, 1);
        arena_reset(&a);
    }
}

static void widths_and_stages_are_those_of_the_registers(void **state)
{
    (void)state;
    static const struct {
        uint64_t cap, ecap;
        bool translates;
        const char *widths;
    } rows[] = {
        {0, 0, false, ""},
        {UINT64_C(1) << 8, 0, false, ""},
        {UINT64_C(1) << 9, 0, true, "39 bit"},
        {UINT64_C(1) << 10, 0, true, "48 bit"},
        {UINT64_C(1) << 11, 0, true, "57 bit"},
        {UINT64_C(6) << 9, 0, true, "48, 57 bit"},
        {UINT64_C(7) << 9, 0, true, "39, 48, 57 bit"},
        {UINT64_C(1) << 12, 0, false, ""},
        {UINT64_C(1) << 13, 0, false, ""},
        {0, UINT64_C(1) << 43, false, ""},
        {0, UINT64_C(1) << 46, false, ""},
        {0, UINT64_C(1) << 47, false, ""},
        {0, UINT64_C(3) << 46, false, ""},
        {0, UINT64_C(1) << 43 | UINT64_C(1) << 46, true, ""},
        {0, UINT64_C(1) << 43 | UINT64_C(1) << 47, true, ""},
        {0, UINT64_C(1) << 43 | UINT64_C(1) << 45, false, ""},
        {UINT64_C(1) << 10, UINT64_C(1) << 43, true, "48 bit"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena a;
        struct vtd_unit u = {.cap = rows[i].cap, .ecap = rows[i].ecap};
        new_arena(&a);
        if (vtd_translates(&u) != rows[i].translates)
            fail_msg("row %zu", i);
        assert_string_equal(vtd_widths(&u, &a), rows[i].widths);
        arena_reset(&a);
    }
}

/* Both texts in turn: units are in the order of their bases, and each is there once. */
static enum status parse(struct span input)
{
    for (unsigned turn = 0; turn < 2; turn++) {
        struct arena a;
        struct vtd_units u;
        new_arena(&a);
        vtd_parse(turn == 0 ? input : (struct span){0}, turn == 1 ? input : (struct span){0}, &a,
                  &u);
        for (size_t i = 0; i < u.n; i++) {
            assert_true(i == 0 || u.items[i - 1].base < u.items[i].base);
            assert_ptr_equal(vtd_find(&u, u.items[i].base), &u.items[i]);
            assert_true(u.items[i].cap != UINT64_MAX && u.items[i].ecap != UINT64_MAX);
        }
        arena_reset(&a);
    }
    return ST_OK;
}

static void any_text_is_survived(void **state)
{
    (void)state;
    torture_text(parse, span_of(SYS "[    0.1] " LOG(
                            "dmar0", "fed90000") "\n"
                                                 "[    0.1] " LOG("dmar1", "fed91000") "\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_the_driver_shows),
        cmocka_unit_test(reads_the_log_in_any_order_of_bases),
        cmocka_unit_test(the_driver_counts_where_both_tell),
        cmocka_unit_test(leaves_out_units_of_which_a_part_is_missing),
        cmocka_unit_test(registers_of_ones_are_nobodys_answer),
        cmocka_unit_test(widths_and_stages_are_those_of_the_registers),
        cmocka_unit_test(any_text_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
