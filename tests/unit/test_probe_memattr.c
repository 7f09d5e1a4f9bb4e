/* SPDX-License-Identifier: MIT */
/* The layout of the Memory Attributes Table: what breaks each part of the rule, and it alone. */
#include "support/cmocka.h"

#include <string.h>

#include "support/mat.h"
#include "vbscheck/count.h"

static void a_sound_table_passes_all_four_rules(void **state)
{
    (void)state;
    struct mat m;
    mat_begin(&m);
    scene_text(&m.s, "efi/memattr-steps", "address kernel-log 0x3cb86018\nbytes kcore ok 256\n");
    mat_judge(&m);
    mat_expect(&m.s, "PPPP");
    mat_expect_facts(&m.s, 0, 0, true, true);
    assert_int_equal(mat_findings(&m.s), 0);
    assert_int_equal(scene_fact(&m.s, "mat.version")->v.u, 1);
    assert_int_equal(scene_fact(&m.s, "mat.version")->from.offset, 0);
    assert_int_equal(scene_fact(&m.s, "mat.entries")->v.u, MAT_SOUND);
    assert_string_equal(scene_fact(&m.s, "mat.read-from")->v.text, "kcore");
    assert_int_equal(scene_fact(&m.s, "mat.forward-control-flow")->st, ST_ABSENT);
    assert_true(scene_fact(&m.s, "mat.published")->v.b);
    assert_int_equal(m.s.report.facts.mat->n, MAT_SOUND);
    for (size_t i = 0; i < MAT_SOUND; i++)
        assert_null(mat_mark(&m.s, i));
    assert_true(scene_notes(&m.s, "into 1 read-only and 2 no-execute parts"));
    assert_false(scene_notes(&m.s, "search for the table"));
    assert_false(scene_notes(&m.s, "entries with"));
    mat_end(&m);
}

/* Entry `at` is replaced; the two rules about places are broken or not as `verdicts` says. */
static void expect_layout(size_t at, struct efi_region e, const char *verdicts, const char *range,
                          const char *words)
{
    struct mat m;
    mat_begin(&m);
    m.entries[at].start = e.start;
    m.entries[at].pages = e.pages;
    mat_judge(&m);
    mat_expect(&m.s, verdicts);
    mat_expect_facts(&m.s, 0, 0, verdicts[1] == 'P', false);
    const char *message =
        arena_printf(&m.s.arena, "runtime %s %s", m.entries[at].type == 5 ? "code" : "data", words);
    mat_expect_finding(&m.s, MAT_LAYOUT, range, message, at, 48);
    assert_non_null(mat_mark(&m.s, at));
    mat_end(&m);
}

/* The region is as misaligned as its entry, so that nothing else is wrong. */
static void two_kib_off_breaks_the_layout_alone(void **state)
{
    (void)state;
    struct mat m;
    mat_begin(&m);
    m.entries[DATA_FAR].start = m.map[MAP_FAR].start = 0x40800;
    mat_judge(&m);
    mat_expect(&m.s, "PPFP");
    mat_expect_facts(&m.s, 0, 0, true, false);
    mat_expect_only(&m.s, MAT_LAYOUT, "000000040800-0000000507ff",
                    "does not start at a 4 KiB boundary", DATA_FAR);
    mat_end(&m);
}

static void an_entry_without_pages_breaks_the_layout(void **state)
{
    (void)state;
    struct mat m;
    mat_begin(&m);
    m.entries[m.n] = m.entries[DATA_FAR];
    m.entries[m.n].start = 0x50000;
    m.entries[m.n++].pages = 0;
    mat_judge(&m);
    mat_expect(&m.s, "PPFP");
    mat_expect_only(&m.s, MAT_LAYOUT, "000000050000-000000050000", "has no pages", MAT_SOUND);
    mat_end(&m);
}

static void the_last_page_of_all_is_a_page(void **state)
{
    (void)state;
    static const struct {
        uint64_t start, pages;
        bool over;
    } rows[] = {
        {0xfffffffffffff000, 1, false},     {0xfffffffffffff000, 2, true},
        {0xfffffffffffff800, 1, true},      {0, UINT64_C(1) << 52, false},
        {0, (UINT64_C(1) << 52) + 1, true}, {0x1000, UINT64_C(1) << 52, true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct efi_region r = {.start = rows[i].start, .pages = rows[i].pages};
        assert_int_equal(efi_region_runs_over(&r), rows[i].over);
        if (rows[i].over || rows[i].start != 0)
            assert_true(efi_region_last(&r) == UINT64_MAX);
    }
}

static void sizes_beyond_the_address_space_break_the_layout(void **state)
{
    (void)state;
    static const char words[] = "extends past the end of the address space";
    /* 2^52 pages are 2^64 bytes, which reads as 0; 2^63 of them likewise. */
    expect_layout(DATA_FAR, (struct efi_region){.start = 0x40000, .pages = 1ull << 52}, "PFFP",
                  "000000040000-ffffffffffffffff", words);
    expect_layout(DATA_FAR, (struct efi_region){.start = 0x40000, .pages = 1ull << 63}, "PFFP",
                  "000000040000-ffffffffffffffff", words);
    expect_layout(DATA_FAR, (struct efi_region){.start = 0x40000, .pages = UINT64_MAX}, "PFFP",
                  "000000040000-ffffffffffffffff", words);
    /* The end wraps around to 1000h. */
    expect_layout(DATA_FAR, (struct efi_region){.start = 0xffffffffffffe000, .pages = 3}, "PFFP",
                  "ffffffffffffe000-ffffffffffffffff", words);
}

static void entries_are_in_order(void **state)
{
    (void)state;
    struct mat m;
    mat_begin(&m);
    m.entries[CODE_TAIL] = m.entries[DATA_NEAR];
    m.entries[DATA_NEAR] = (struct efi_region){
        .type = EFI_RUNTIME_CODE, .start = 0x1f000, .pages = 1, .attributes = MAT_XP};
    mat_judge(&m);
    mat_expect(&m.s, "PPFP");
    mat_expect_facts(&m.s, 0, 0, true, false);
    mat_expect_only(&m.s, MAT_LAYOUT, "00000001f000-00000001ffff", "is out of order", DATA_NEAR);
    mat_end(&m);
}

/* Puts a further entry behind entry `at`. */
static void insert(struct mat *m, size_t at, struct efi_region e)
{
    memmove(&m->entries[at + 1], &m->entries[at], (m->n - at) * sizeof m->entries[0]);
    m->entries[at] = e;
    m->n++;
}

static void expect_overlap(size_t at, struct efi_region e, const char *range, size_t marked)
{
    struct mat m;
    mat_begin(&m);
    insert(&m, at, e);
    mat_judge(&m);
    mat_expect(&m.s, "PPFP");
    mat_expect_facts(&m.s, 0, 0, true, false);
    mat_expect_only(&m.s, MAT_LAYOUT, range, "overlaps another entry", marked);
    mat_end(&m);
}

static struct efi_region data(uint64_t start, uint64_t pages)
{
    return (struct efi_region){
        .type = EFI_RUNTIME_DATA, .start = start, .pages = pages, .attributes = MAT_XP};
}

static struct efi_region code(uint64_t start, uint64_t pages)
{
    return (struct efi_region){
        .type = EFI_RUNTIME_CODE, .start = start, .pages = pages, .attributes = MAT_XP};
}

static void the_same_entry_twice_overlaps(void **state)
{
    (void)state;
    expect_overlap(DATA_FAR, data(0x40000, 16), "000000040000-00000004ffff", DATA_FAR + 1);
}

static void one_page_shared_overlaps(void **state)
{
    (void)state;
    expect_overlap(DATA_FAR + 1, data(0x4f000, 1), "00000004f000-00000004ffff", DATA_FAR + 1);
}

/* Its first byte is the other's last, and the last of the region that it leaves. */
static void one_byte_shared_overlaps(void **state)
{
    (void)state;
    struct mat m;
    mat_begin(&m);
    insert(&m, DATA_FAR + 1, data(0x4ffff, 1));
    mat_judge(&m);
    mat_expect(&m.s, "PFFP");
    assert_int_equal(mat_findings(&m.s), 3);
    static const char range[] = "00000004ffff-000000050ffe";
    mat_expect_finding(&m.s, MAT_LAYOUT, range, "runtime data overlaps another entry", DATA_FAR + 1,
                       48);
    mat_expect_finding(&m.s, MAT_LAYOUT, range, "runtime data does not start at a 4 KiB boundary",
                       DATA_FAR + 1, 48);
    mat_expect_finding(&m.s, MAT_COVERAGE, range,
                       "runtime data crosses the boundary of its runtime region", DATA_FAR + 1, 48);
    mat_end(&m);
}

static void an_entry_within_another_overlaps(void **state)
{
    (void)state;
    expect_overlap(DATA_NEAR + 1, data(0x28000, 2), "000000028000-000000029fff", DATA_NEAR + 1);
}

static void touching_is_no_overlap(void **state)
{
    (void)state;
    struct mat m;
    mat_begin(&m);
    m.entries[DATA_FAR].pages = 8;
    insert(&m, DATA_FAR + 1, data(0x48000, 8));
    mat_judge(&m);
    mat_expect(&m.s, "PPPP");
    mat_end(&m);
}

/* 20000h-2ffffh holds both that follow, although the second does not touch the first. */
static void nested_entries_each_overlap(void **state)
{
    (void)state;
    struct mat m;
    mat_begin(&m);
    insert(&m, DATA_NEAR + 1, data(0x21000, 1));
    insert(&m, DATA_NEAR + 2, data(0x2e000, 1));
    mat_judge(&m);
    mat_expect(&m.s, "PPFP");
    assert_int_equal(mat_findings(&m.s), 2);
    mat_expect_finding(&m.s, MAT_LAYOUT, "000000021000-000000021fff",
                       "runtime data overlaps another entry", DATA_NEAR + 1, 48);
    mat_expect_finding(&m.s, MAT_LAYOUT, "00000002e000-00000002efff",
                       "runtime data overlaps another entry", DATA_NEAR + 2, 48);
    mat_end(&m);
}

/* Out of order, so that what overlaps does not stand side by side in the table. */
static void overlap_is_found_far_apart_in_the_table(void **state)
{
    (void)state;
    struct mat m;
    mat_begin(&m);
    insert(&m, DATA_FAR + 1, code(0x1f000, 1));
    mat_judge(&m);
    mat_expect(&m.s, "PPFP");
    assert_int_equal(mat_findings(&m.s), 2);
    mat_expect_finding(&m.s, MAT_LAYOUT, "00000001f000-00000001ffff",
                       "runtime code is out of order", DATA_FAR + 1, 48);
    mat_expect_finding(&m.s, MAT_LAYOUT, "00000001f000-00000001ffff",
                       "runtime code overlaps another entry", DATA_FAR + 1, 48);
    assert_string_equal(mat_mark(&m.s, DATA_FAR + 1), "is out of order");
    mat_end(&m);
}

/* 64 KiB ------------------------------------------------------------------------------------- */

/* The third of three entries, `pages` from `start` on, on x86 and on Arm. */
static void check_on_arm(uint64_t start, uint64_t pages)
{
    for (int arm = 0; arm < 2; arm++) {
        struct mat m;
        mat_begin(&m);
        scene_text(&m.s, "kernel", arm ? "arch: aarch64\n" : "arch: x86_64\n");
        m.entries[CODE_HEAD].pages = 16;
        m.entries[1] = data(0x20000, 16);
        m.entries[2] = data(start, pages);
        m.n = 3;
        m.map[MAP_FAR].start = start;
        m.map[MAP_FAR].pages = pages;
        mat_judge(&m);
        mat_expect(&m.s, "PPPF"); /* all of its code is no-execute */
        assert_int_equal(scene_notes(&m.s, "not aligned to 64 KiB"), arm);
        mat_end(&m);
    }
}

static void on_arm_addresses_of_4_kib_are_noted(void **state)
{
    (void)state;
    check_on_arm(0x41000, 16);
}

static void on_arm_sizes_of_4_kib_are_noted(void **state)
{
    (void)state;
    check_on_arm(0x40000, 15);
}

static void an_entry_without_runtime_breaks_the_layout(void **state)
{
    (void)state;
    struct mat m;
    mat_begin(&m);
    m.entries[DATA_FAR].attributes = EFI_ATTRIBUTE_XP;
    mat_judge(&m);
    mat_expect(&m.s, "PPFP");
    mat_expect_only(&m.s, MAT_LAYOUT, "000000040000-00000004ffff", "lacks the attribute RUNTIME",
                    DATA_FAR);
    mat_end(&m);
}

/* OpenCore's users saw such tables on an XPS 15 9560: published, and of no use. */
static void a_table_without_entries_describes_nothing(void **state)
{
    (void)state;
    for (int with_map = 0; with_map < 2; with_map++) {
        struct mat m;
        mat_begin(&m);
        m.n = 0;
        mat_add_table(&m);
        if (with_map)
            mat_add_map(&m);
        scene_judge(&m.s);
        mat_expect(&m.s, "PFNN");
        mat_end(&m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_table_passes_all_four_rules),
        cmocka_unit_test(two_kib_off_breaks_the_layout_alone),
        cmocka_unit_test(an_entry_without_pages_breaks_the_layout),
        cmocka_unit_test(the_last_page_of_all_is_a_page),
        cmocka_unit_test(sizes_beyond_the_address_space_break_the_layout),
        cmocka_unit_test(entries_are_in_order),
        cmocka_unit_test(the_same_entry_twice_overlaps),
        cmocka_unit_test(one_page_shared_overlaps),
        cmocka_unit_test(one_byte_shared_overlaps),
        cmocka_unit_test(an_entry_within_another_overlaps),
        cmocka_unit_test(touching_is_no_overlap),
        cmocka_unit_test(nested_entries_each_overlap),
        cmocka_unit_test(overlap_is_found_far_apart_in_the_table),
        cmocka_unit_test(an_entry_without_runtime_breaks_the_layout),
        cmocka_unit_test(a_table_without_entries_describes_nothing),
        cmocka_unit_test(on_arm_addresses_of_4_kib_are_noted),
        cmocka_unit_test(on_arm_sizes_of_4_kib_are_noted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
