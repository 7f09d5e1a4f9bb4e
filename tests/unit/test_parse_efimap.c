/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "parse/klog/efimap.h"
#include "support/cmocka.h"
#include "support/torture.h"
#include "vbscheck/count.h"

#define MEM0 "efi: mem00: [Boot Code   |   |  |  |  |WB|WT|WC|UC] range=[0x0000-0x0fff] (0MB)\n"
#define MEM1 "efi: mem01: [Runtime Data|RUN|  |  |  |WB|WT|WC|UC] range=[0x1000-0x2fff] (0MB)\n"
#define MEM2 "efi: mem02: [Runtime Code|RUN|  |  |  |WB|WT|WC|UC] range=[0x3000-0x3fff] (0MB)\n"
#define NEXT "efi: EFI runtime memory map:\n"
#define ARM  "efi: Processing EFI memory map:\n"
#define ARM0 "efi:   0x000000000000-0x00000000ffff [Conventional|   |  |  |WB|WT|WC|UC]\n"
#define ARM1 "efi:   0x000000010000-0x00000001ffff [Runtime Data|RUN|  |  |WB|WT|WC|UC]*\n"

struct read {
    struct efimap map;
    bool whole;
};

static struct read read_text(struct arena *a, const char *text)
{
    struct read r;
    memset(&r, 0xa5, sizeof r);
    efimap_read_log(span_of(text), a, &r.map, &r.whole);
    return r;
}

static void reads_the_blob(void **state)
{
    struct arena *a = *state;
    struct efimap m;
    assert_int_equal(efimap_parse(span_of("0x5 0x3e6c4000 0x0 0x1 0x800000000000000f\n"
                                          "0x4 0x1000 0xfffffffeff000000 0x22 0xf\n"),
                                  a, &m, NULL),
                     ST_OK);
    assert_int_equal(m.n, 2);
    assert_int_equal(m.regions[0].type, EFI_RUNTIME_CODE);
    assert_int_equal(m.regions[0].start, 0x3e6c4000);
    assert_int_equal(m.regions[0].pages, 1);
    assert_true(m.regions[0].attributes == 0x800000000000000f);
    assert_int_equal(m.regions[0].offset, 0);
    assert_int_equal(m.regions[1].type, 4);
    assert_true(m.regions[1].virtual_start == 0xfffffffeff000000);
    assert_int_equal(m.regions[1].pages, 0x22);
    assert_int_equal(m.regions[1].offset, 42);
    assert_int_equal(efimap_parse((struct span){0}, a, &m, NULL), ST_OK);
    assert_int_equal(m.n, 0);
}

static void a_line_that_is_no_region_is_refused_and_named(void **state)
{
    struct arena *a = *state;
    static const char *const lines[] = {
        "",
        "0x5 0x1000 0x0 0x1",
        "0x5 0x1000 0x0 0x1 0xf 0x1",
        "5 0x1000 0x0 0x1 0xf",
        "0x5 0x1000 0x0 0x1 0xg",
        "0x5 0x1000 0x0 0x1 0x",
        "0x100000000 0x1000 0x0 0x1 0xf",
        "0x5 0x10000000000000000 0x0 0x1 0xf",
        "0x5, 0x1000, 0x0, 0x1, 0xf",
    };
    for (size_t i = 0; i < COUNT(lines); i++) {
        struct efimap m;
        struct fault f = {0};
        char *text = arena_printf(a, "0x6 0x0 0x0 0x1 0xf\n%s\n", lines[i]);
        assert_int_equal(efimap_parse(span_of(text), a, &m, &f), ST_MALFORMED);
        assert_int_equal(f.offset, 20);
    }
}

static void only_runtime_regions_of_a_log_are_given(void **state)
{
    struct read r = read_text(*state, MEM0 MEM1 MEM2 "DMI: A B, BIOS 1 2\n");
    assert_true(r.whole);
    assert_int_equal(r.map.n, 2);
    assert_int_equal(r.map.regions[0].type, EFI_RUNTIME_DATA);
    assert_int_equal(r.map.regions[0].start, 0x1000);
    assert_int_equal(r.map.regions[0].pages, 2);
    assert_true(r.map.regions[0].attributes == (EFI_ATTRIBUTE_RUNTIME | 0xf));
    assert_true(r.map.regions[0].offset == SIZE_MAX);
    assert_int_equal(r.map.regions[1].start, 0x3000);
}

static void the_end_is_part_of_it_or_not_as_printed(void **state)
{
    static const char *const lines[] = {
        "[    0.000000] efi: mem00: [Runtime Data       |RUN|  |  |  |   |WB|WT|WC|UC] "
        "range=[0x0000000000001000-0x0000000000003000) (0MB)\nefi: x\n",
        "efi: mem00: [Runtime Data|RUN|  |WB] range=[0x0000000000001000-0x0000000000002fff] (0MB)"
        "       \nefi: x\n",
        "efi: mem00: type=6, attr=0x8000000000000008, range=[0x1000-0x3000) (0MB)\nefi: x\n",
        "efi: mem00: [type=6|attr=0x8000000000000008] range=[0x1000-0x2fff] (0MB)\nefi: x\n",
    };
    for (size_t i = 0; i < COUNT(lines); i++) {
        struct read r = read_text(*state, lines[i]);
        assert_true(r.whole);
        assert_int_equal(r.map.n, 1);
        assert_int_equal(r.map.regions[0].type, EFI_RUNTIME_DATA);
        assert_int_equal(r.map.regions[0].start, 0x1000);
        assert_int_equal(r.map.regions[0].pages, 2);
        assert_true(r.map.regions[0].attributes & EFI_ATTRIBUTE_RUNTIME);
    }
}

static void a_map_that_may_be_cut_is_not_whole(void **state)
{
    static const struct {
        const char *text;
        size_t n;
    } rows[] = {
        {"", 0},
        {MEM0 MEM1, 1}, /* the log ends in it */
        {MEM1 MEM2 NEXT, 2},
        {MEM0 MEM2 NEXT, 1},
        {MEM0 MEM2 MEM1 NEXT, 2},
        {MEM0 MEM1 "efi: mem02: [Runtime Code|RUN|  |\n range=[0x3000-0x3fff] (0MB)\n" NEXT, 1},
        {MEM0 MEM1 "efi: mem02: [Runtime Code|RUN] range=[0x3000-0x3f\n" NEXT, 1},
        {MEM0 MEM1 "efi: mem02: [Runtime Code|RUN] range=[0x3000-0x3f8f] (0MB)\n" NEXT, 1},
        {MEM0 MEM1 "efi: mem02: type=5, attr=0xf\n" NEXT, 1},
        {MEM0 MEM1 "efi: mem18446744073709551615: type=5, attr=0xf, range=[0x0-0x1000)\n" NEXT, 2},
        {"usb 1-1: efi: mem00: [Runtime Code|RUN] range=[0x3000-0x3fff] (0MB)\n" NEXT, 0},
        {ARM NEXT, 0},
        {ARM0 ARM1 NEXT, 0},
        {ARM ARM0 ARM1, 1},
        {ARM ARM0 "efi:   0x000000010000-0x00000001ffff [Runtime Da\n" NEXT, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct read r = read_text(*state, rows[i].text);
        if (r.whole || r.map.n != rows[i].n)
            fail_msg("row %zu: whole %d, %zu regions", i, r.whole, r.map.n);
    }
}

#define E820(range) "BIOS-e820: [mem " range "] usable\n"
#define NODE(range) "[    0.0]   node   0: [mem " range "]\n"

/* A log may lose the last lines of its map and nothing else: other lines name that memory too. */
static void memory_that_the_log_names_elsewhere_is_in_a_whole_map(void **state)
{
    static const struct {
        const char *text;
        bool whole, witnessed;
    } rows[] = {
        {E820("0x0-0x2fff") MEM0 MEM1 NEXT, true, true},
        {E820("0x0-0x1fff") E820("0x2000-0x2fff") MEM0 MEM1 NEXT, true, true},
        {MEM0 MEM1 NEXT E820("0x0-0x2fff"), true, true},
        {MEM0 MEM1 NEXT, true, false},
        {E820("0x0-0xfff") MEM0 MEM1 NEXT, true, false}, /* the other list lost a line */
        {ARM ARM0 ARM1 NEXT NODE("0x000000010000-0x00000001ffff"), true, false},
        {ARM ARM0 "efi:   0x000000020000-0x00000002ffff [MMIO|RUN|  |  |UC]\n" NEXT NODE(
             "0x000000000000-0x00000000ffff"),
         true, true},
        {E820("0x0-0x3fff") MEM0 MEM1 NEXT, false, false},
        {E820("0x0-0xfff") E820("0x3000-0x3fff") MEM0 MEM1 NEXT, false, false},
        {E820("0x0-0x2fff") MEM0 MEM1, false, true}, /* may go on */
        {"BIOS-e820: [mem 0x3000-0x3f\n" MEM0 MEM1 NEXT, true, false},
        {"usb 1-1: " E820("0x0-0x2fff") MEM0 MEM1 NEXT, true, false},
        {"efi: mem00: [Runtime Code|RUN] range=[0x3000-0x3fff] (0MB)\n"
         "efi: mem01: [Runtime Data|RUN] range=[0x1000-0x2fff] (0MB)\n" NEXT E820("0x1000-0x3fff"),
         true, true},
        {"efi: mem00: [Runtime Code|RUN] range=[0xfffffffffffff000-0xffffffffffffffff] (0MB)\n" NEXT
             E820("0xfffffffffffff000-0xffffffffffffffff"),
         true, true},
        {ARM ARM0 ARM1 NEXT NODE("0x000000000000-0x00000000ffff"), true, true},
        {ARM ARM0 NEXT NODE("0x000000000000-0x00000000ffff") NODE("0x000000010000-0x00000001ffff"),
         false, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct read r = read_text(*state, rows[i].text);
        if (r.whole != rows[i].whole || r.map.witnessed != rows[i].witnessed)
            fail_msg("row %zu: whole %d, witnessed %d", i, r.whole, r.map.witnessed);
    }
}

static void of_two_listings_the_first_whole_one_counts(void **state)
{
    struct read r = read_text(*state, MEM0 MEM1 MEM2 NEXT MEM0 MEM1 NEXT);
    assert_true(r.whole && r.map.n == 2);
    r = read_text(*state, MEM1 MEM2 NEXT MEM0 MEM1 NEXT);
    assert_true(r.whole && r.map.n == 1);
    r = read_text(*state, MEM1 MEM2 NEXT MEM0 MEM2 NEXT);
    assert_true(!r.whole && r.map.n == 2);
}

static void what_is_only_named_is_no_part_of_the_map(void **state)
{
    struct read r = read_text(
        *state, "[Firmware Bug]: Invalid EFI memory map entries:\n"
                "efi: mem07: [Runtime Code|RUN] range=[0x3000-0x2fff] (invalid)\n" MEM0
                "efi: Remove mem63: MMIO range=[0x4000-0x4fff] (0MB) from e820 map\n" MEM1 NEXT);
    assert_true(r.whole && r.map.n == 1);
}

static void other_machines_print_the_map_without_numbers(void **state)
{
    struct read r = read_text(*state, ARM ARM0 ARM1 "DMI: A B, BIOS 1 2\n" ARM1);
    assert_true(r.whole);
    assert_int_equal(r.map.n, 1);
    assert_int_equal(r.map.regions[0].start, 0x10000);
    assert_int_equal(r.map.regions[0].pages, 16);
}

TORTURE_PARSE_IN_ARENA(parse, struct efimap, efimap_parse)

static enum status parse_log(struct span input)
{
    struct arena a;
    struct efimap m;
    bool whole = false;
    test_arena(&a);
    efimap_read_log(input, &a, &m, &whole);
    arena_reset(&a);
    return ST_OK;
}

static void stands_torture(void **state)
{
    (void)state;
    torture_text(parse,
                 span_of("0x5 0x3e6c4000 0x0 0x1 0x800000000000000f\n0x6 0x0 0x0 0x1 0x0\n"));
    torture_text(
        parse_log,
        span_of(MEM0 "efi: mem01: type=6, attr=0xf, range=[0x1000-0x3000)\n" NEXT ARM ARM0 ARM1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_blob),
        cmocka_unit_test(a_line_that_is_no_region_is_refused_and_named),
        cmocka_unit_test(only_runtime_regions_of_a_log_are_given),
        cmocka_unit_test(the_end_is_part_of_it_or_not_as_printed),
        cmocka_unit_test(a_map_that_may_be_cut_is_not_whole),
        cmocka_unit_test(memory_that_the_log_names_elsewhere_is_in_a_whole_map),
        cmocka_unit_test(of_two_listings_the_first_whole_one_counts),
        cmocka_unit_test(what_is_only_named_is_no_part_of_the_map),
        cmocka_unit_test(other_machines_print_the_map_without_numbers),
        cmocka_unit_test(stands_torture),
    };
    return cmocka_run_group_tests(tests, test_arena_setup, test_arena_teardown);
}
