/* SPDX-License-Identifier: MIT */
/* The Memory Attributes Table beside the memory map: what is left out, what lies elsewhere. */
#include "support/cmocka.h"

#include "support/mat.h"
#include "vbscheck/count.h"

#define LEFT_OUT "runtime data that no entry describes"
#define NOWHERE  "is not in a runtime region of its type"
#define CROSSES  "crosses the boundary of its runtime region"

/* The entry at 40000h shows this part of its region only. */
static void expect_left_out(uint64_t start, uint64_t pages, const char *range)
{
    struct mat m;
    mat_begin(&m);
    m.entries[DATA_FAR].start = start;
    m.entries[DATA_FAR].pages = pages;
    mat_judge(&m);
    mat_expect(&m.s, "PFPP");
    mat_expect_facts(&m.s, 0, 0, false, true);
    assert_int_equal(mat_findings(&m.s), 1);
    mat_expect_finding(&m.s, MAT_COVERAGE, range, LEFT_OUT, SIZE_MAX, 0);
    for (size_t i = 0; i < m.n; i++)
        assert_null(mat_mark(&m.s, i));
    mat_end(&m);
}

static void the_begin_of_a_region_must_be_described(void **state)
{
    (void)state;
    expect_left_out(0x41000, 15, "000000040000-000000040fff");
}

static void the_end_of_a_region_must_be_described(void **state)
{
    (void)state;
    expect_left_out(0x40000, 15, "00000004f000-00000004ffff");
}

static void the_middle_of_a_region_must_be_described(void **state)
{
    (void)state;
    struct mat m;
    mat_begin(&m);
    m.entries[m.n] = m.entries[DATA_FAR];
    m.entries[DATA_FAR].pages = 4;
    m.entries[m.n].start = 0x46000;
    m.entries[m.n++].pages = 10;
    mat_judge(&m);
    mat_expect(&m.s, "PFPP");
    assert_int_equal(mat_findings(&m.s), 1);
    mat_expect_finding(&m.s, MAT_COVERAGE, "000000044000-000000045fff", LEFT_OUT, SIZE_MAX, 0);
    mat_end(&m);
}

static void each_gap_of_a_region_is_told(void **state)
{
    (void)state;
    struct mat m;
    mat_begin(&m);
    m.entries[m.n] = m.entries[DATA_FAR];
    m.entries[DATA_FAR].start = 0x41000;
    m.entries[DATA_FAR].pages = 1;
    m.entries[m.n].start = 0x43000;
    m.entries[m.n++].pages = 1;
    mat_judge(&m);
    mat_expect(&m.s, "PFPP");
    assert_int_equal(mat_findings(&m.s), 3);
    mat_expect_finding(&m.s, MAT_COVERAGE, "000000040000-000000040fff", LEFT_OUT, SIZE_MAX, 0);
    mat_expect_finding(&m.s, MAT_COVERAGE, "000000042000-000000042fff", LEFT_OUT, SIZE_MAX, 0);
    mat_expect_finding(&m.s, MAT_COVERAGE, "000000044000-00000004ffff", LEFT_OUT, SIZE_MAX, 0);
    mat_end(&m);
}

static void a_whole_region_must_not_be_left_out(void **state)
{
    (void)state;
    struct mat m;
    mat_begin(&m);
    m.n--;
    mat_judge(&m);
    mat_expect(&m.s, "PFPP");
    assert_int_equal(mat_findings(&m.s), 1);
    mat_expect_finding(&m.s, MAT_COVERAGE, "000000040000-00000004ffff", LEFT_OUT, SIZE_MAX, 0);
    mat_end(&m);
}

static void all_code_left_out_is_told_as_code(void **state)
{
    (void)state;
    struct mat m;
    mat_begin(&m);
    for (size_t i = 0; i < 2; i++)
        m.entries[i] = m.entries[DATA_NEAR + i];
    m.n = 2;
    mat_judge(&m);
    mat_expect(&m.s, "PFPF"); /* and none of it can be executed */
    assert_int_equal(mat_findings(&m.s), 2);
    mat_expect_finding(&m.s, MAT_COVERAGE, "000000010000-00000001ffff",
                       "runtime code that no entry describes", SIZE_MAX, 0);
    mat_end(&m);
}

static void an_entry_that_crosses_into_a_hole_is_told(void **state)
{
    (void)state;
    struct mat m;
    mat_begin(&m);
    m.entries[DATA_FAR].pages = 17;
    mat_judge(&m);
    mat_expect(&m.s, "PFPP");
    mat_expect_facts(&m.s, 0, 0, false, true);
    mat_expect_only(&m.s, MAT_COVERAGE, "000000040000-000000050fff", CROSSES, DATA_FAR);
    mat_end(&m);
}

static void an_entry_that_begins_in_a_hole_is_told(void **state)
{
    (void)state;
    struct mat m;
    mat_begin(&m);
    m.entries[DATA_FAR].start = 0x3f000;
    m.entries[DATA_FAR].pages = 17;
    mat_judge(&m);
    mat_expect(&m.s, "PFPP");
    mat_expect_only(&m.s, MAT_COVERAGE, "00000003f000-00000004ffff", CROSSES, DATA_FAR);
    mat_end(&m);
}

/* From one region through the hole to the next, in whose order it stands first. */
static void an_entry_over_two_regions_is_told(void **state)
{
    (void)state;
    struct mat m;
    mat_begin(&m);
    m.entries[DATA_NEAR].pages = 0x30;
    m.n--;
    mat_judge(&m);
    mat_expect(&m.s, "PFPP");
    mat_expect_only(&m.s, MAT_COVERAGE, "000000020000-00000004ffff", CROSSES, DATA_NEAR);
    mat_end(&m);
}

static void an_entry_in_no_region_is_told(void **state)
{
    (void)state;
    struct mat m;
    mat_begin(&m);
    m.entries[m.n] = m.entries[DATA_FAR];
    m.entries[m.n++].start = 0x50000;
    mat_judge(&m);
    mat_expect(&m.s, "PFPP");
    mat_expect_only(&m.s, MAT_COVERAGE, "000000050000-00000005ffff", NOWHERE, MAT_SOUND);
    mat_end(&m);
}

static void an_entry_in_a_region_of_the_other_type_is_told(void **state)
{
    (void)state;
    struct mat m;
    mat_begin(&m);
    m.entries[CODE_TAIL].type = EFI_RUNTIME_DATA;
    mat_judge(&m);
    mat_expect(&m.s, "PFPP");
    mat_expect_facts(&m.s, 0, 0, false, true);
    assert_int_equal(mat_findings(&m.s), 2);
    /* Data begins where it ends, but that is none of this entry. */
    mat_expect_finding(&m.s, MAT_COVERAGE, "00000001f000-00000001ffff", "runtime data " NOWHERE,
                       CODE_TAIL, 48);
    mat_expect_finding(&m.s, MAT_COVERAGE, "00000001f000-00000001ffff",
                       "runtime code that no entry describes", SIZE_MAX, 0);
    assert_string_equal(mat_mark(&m.s, CODE_TAIL), NOWHERE);
    mat_end(&m);
}

/* Map ---------------------------------------------------------------------------------------- */

static struct efi_region region(uint32_t type, uint64_t start, uint64_t pages)
{
    return (struct efi_region){
        .type = type, .start = start, .pages = pages, .attributes = EFI_ATTRIBUTE_RUNTIME | 0xf};
}

/* One entry may lie across two regions that touch: Linux splits regions. In any order. */
static void regions_that_linux_split_count_as_one(void **state)
{
    (void)state;
    struct mat m;
    mat_begin(&m);
    m.map[MAP_FAR] = region(EFI_RUNTIME_DATA, 0x48000, 8);
    m.map[m.n_map++] = region(EFI_RUNTIME_DATA, 0x40000, 3);
    m.map[m.n_map++] = region(EFI_RUNTIME_DATA, 0x43000, 5);
    mat_judge(&m);
    mat_expect(&m.s, "PPPP");
    mat_end(&m);
}

/* And merges them: two entries that firmware had in two regions. */
static void regions_that_linux_merged_count_as_one(void **state)
{
    (void)state;
    struct mat m;
    mat_begin(&m);
    m.entries[DATA_FAR].start = 0x30000;
    m.map[MAP_NEAR].pages = 32;
    m.n_map = 2;
    mat_judge(&m);
    mat_expect(&m.s, "PPPP");
    mat_end(&m);
}

/* Code and data that touch do not become one region. */
static void regions_of_two_types_do_not_unite(void **state)
{
    (void)state;
    struct mat m;
    mat_begin(&m);
    m.entries[CODE_TAIL].pages = 17;
    m.entries[DATA_NEAR] = m.entries[DATA_FAR];
    m.n--;
    mat_judge(&m);
    mat_expect(&m.s, "PFPP");
    assert_int_equal(mat_findings(&m.s), 2);
    mat_expect_finding(&m.s, MAT_COVERAGE, "00000001f000-00000002ffff", "runtime code " CROSSES,
                       CODE_TAIL, 48);
    mat_expect_finding(&m.s, MAT_COVERAGE, "000000020000-00000002ffff", LEFT_OUT, SIZE_MAX, 0);
    mat_end(&m);
}

/* Linux marks what it keeps for itself as runtime: the memory of this very table, and others. */
static void only_runtime_code_and_data_with_the_bit_count(void **state)
{
    (void)state;
    struct mat m;
    mat_begin(&m);
    m.map[m.n_map++] = region(3, 0x60000, 4);
    m.map[m.n_map++] = region(4, 0x70000, 4);
    m.map[m.n_map++] = region(11, 0x80000, 4);
    m.map[m.n_map++] = (struct efi_region){.type = 5, .start = 0x90000, .pages = 4};
    m.map[m.n_map++] =
        (struct efi_region){.type = 6, .start = 0xa0000, .pages = 4, .attributes = 0xf};
    mat_judge(&m);
    mat_expect(&m.s, "PPPP");
    mat_end(&m);
}

static void a_region_without_the_bit_holds_no_entry(void **state)
{
    (void)state;
    struct mat m;
    mat_begin(&m);
    m.map[MAP_FAR].attributes = 0xf;
    mat_judge(&m);
    mat_expect(&m.s, "PFPP");
    mat_expect_only(&m.s, MAT_COVERAGE, "000000040000-00000004ffff", NOWHERE, DATA_FAR);
    mat_end(&m);
}

static void without_a_map_coverage_alone_is_unknown(void **state)
{
    (void)state;
    static const enum status statuses[] = {ST_NO_DRIVER, ST_NO_PERMISSION, ST_NOT_COLLECTED,
                                           ST_LOCKDOWN};
    for (size_t i = 0; i < COUNT(statuses); i++) {
        struct mat m;
        mat_begin(&m);
        mat_add_table(&m);
        scene_missing(&m.s, "efi/runtime-map", statuses[i]);
        scene_judge(&m.s);
        mat_expect_reason(&m.s, "PUPP", statuses[i]);
        assert_int_equal(scene_fact(&m.s, "mat.covers-runtime")->st, statuses[i]);
        mat_end(&m);
    }
}

static void a_map_that_was_not_looked_for_is_no_map(void **state)
{
    (void)state;
    struct mat m;
    mat_begin(&m);
    mat_add_table(&m);
    scene_judge(&m.s);
    mat_expect_reason(&m.s, "PUPP", ST_NOT_COLLECTED);
    mat_end(&m);
}

static void a_map_that_is_none_is_malformed(void **state)
{
    (void)state;
    struct mat m;
    mat_begin(&m);
    mat_add_table(&m);
    scene_text(&m.s, "efi/runtime-map", "0x5 0x10000 0x0 0x10 0x800000000000000f\n0x6 no\n");
    scene_judge(&m.s);
    mat_expect_reason(&m.s, "PUPP", ST_MALFORMED);
    assert_true(scene_notes(&m.s, "the map cannot be judged: a line is not a memory region"));
    mat_end(&m);
}

static void a_map_without_runtime_regions_tells_nothing(void **state)
{
    (void)state;
    struct mat m;
    mat_begin(&m);
    m.n_map = 0;
    m.map[m.n_map++] = region(4, 0x70000, 4);
    mat_judge(&m);
    mat_expect_reason(&m.s, "PUPP", ST_NOT_COLLECTED);
    mat_end(&m);
}

#define LINE(number, type, range)                                                                  \
    "efi: mem" number ": [" type "|RUN|  |WB|WT|WC|UC] range=[" range "] (0MB)\n"
#define MAP_CODE_LINE LINE("00", "Runtime Code", "0x10000-0x1ffff")
#define MAP_NEAR_LINE LINE("01", "Runtime Data", "0x20000-0x2ffff")
#define MAP_FAR_LINE  LINE("02", "Runtime Data", "0x40000-0x4ffff")
#define AFTER         "secureboot: Secure boot disabled\n"
#define E820          "BIOS-e820: [mem 0x10000-0x2ffff] reserved\n"
#define E820_FAR      E820 "BIOS-e820: [mem 0x40000-0x4ffff] reserved\n"

/* The bytes of a table beside the map of a log, on a kernel that has no runtime-map. */
static void a_logs_map_is_as_good_if_it_is_whole(void **state)
{
    (void)state;
    static const struct {
        const char *log, *verdicts;
    } rows[] = {
        {E820_FAR MAP_CODE_LINE MAP_NEAR_LINE MAP_FAR_LINE AFTER, "PPPP"},
        {MAP_CODE_LINE MAP_NEAR_LINE MAP_FAR_LINE AFTER, "PUPP"},    /* nothing vouches for it */
        {E820_FAR MAP_CODE_LINE MAP_NEAR_LINE AFTER, "PUPP"},        /* its last line is lost */
        {E820 MAP_CODE_LINE MAP_FAR_LINE AFTER, "PUPP"},             /* a gap */
        {E820_FAR MAP_CODE_LINE MAP_NEAR_LINE MAP_FAR_LINE, "PUPP"}, /* may go on */
        {E820 MAP_CODE_LINE MAP_NEAR_LINE AFTER, "PFPP"},            /* an entry elsewhere */
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct mat m;
        mat_begin(&m);
        mat_add_table(&m);
        scene_missing(&m.s, "efi/runtime-map", ST_NO_DRIVER);
        scene_text(&m.s, "efi/kernel-log", rows[i].log);
        scene_judge(&m.s);
        mat_expect_reason(&m.s, rows[i].verdicts, ST_NO_DRIVER);
        mat_end(&m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_begin_of_a_region_must_be_described),
        cmocka_unit_test(the_end_of_a_region_must_be_described),
        cmocka_unit_test(the_middle_of_a_region_must_be_described),
        cmocka_unit_test(each_gap_of_a_region_is_told),
        cmocka_unit_test(a_whole_region_must_not_be_left_out),
        cmocka_unit_test(all_code_left_out_is_told_as_code),
        cmocka_unit_test(an_entry_that_crosses_into_a_hole_is_told),
        cmocka_unit_test(an_entry_that_begins_in_a_hole_is_told),
        cmocka_unit_test(an_entry_over_two_regions_is_told),
        cmocka_unit_test(an_entry_in_no_region_is_told),
        cmocka_unit_test(an_entry_in_a_region_of_the_other_type_is_told),
        cmocka_unit_test(regions_that_linux_split_count_as_one),
        cmocka_unit_test(regions_that_linux_merged_count_as_one),
        cmocka_unit_test(regions_of_two_types_do_not_unite),
        cmocka_unit_test(only_runtime_code_and_data_with_the_bit_count),
        cmocka_unit_test(a_region_without_the_bit_holds_no_entry),
        cmocka_unit_test(without_a_map_coverage_alone_is_unknown),
        cmocka_unit_test(a_map_that_was_not_looked_for_is_no_map),
        cmocka_unit_test(a_map_that_is_none_is_malformed),
        cmocka_unit_test(a_map_without_runtime_regions_tells_nothing),
        cmocka_unit_test(a_logs_map_is_as_good_if_it_is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
