/* SPDX-License-Identifier: MIT */
/* Protection and header of the Memory Attributes Table: what breaks the rule, what is but noted. */
#include "support/cmocka.h"

#include <stdlib.h>

#include "support/build.h"
#include "support/efi.h"
#include "support/mat.h"
#include "vbscheck/count.h"

#define WP UINT64_C(0x1000)

static void expect_unprotected(size_t at, uint64_t attributes, const char *range)
{
    struct mat m;
    mat_begin(&m);
    m.entries[at].attributes = attributes;
    mat_judge(&m);
    mat_expect(&m.s, "PPPF");
    mat_expect_facts(&m.s, 1, m.entries[at].type == EFI_RUNTIME_DATA, true, true);
    mat_expect_only(&m.s, MAT_PROTECTION, range, "is neither read-only nor no-execute", at);
    mat_end(&m);
}

static void neither_read_only_nor_no_execute_fails(void **state)
{
    (void)state;
    expect_unprotected(CODE_HEAD, EFI_ATTRIBUTE_RUNTIME, "000000010000-000000010fff");
    expect_unprotected(CODE_TEXT, EFI_ATTRIBUTE_RUNTIME, "000000011000-00000001efff");
    /* Data is counted as both and told once. */
    expect_unprotected(DATA_FAR, EFI_ATTRIBUTE_RUNTIME, "000000040000-00000004ffff");
}

static void write_protection_of_caches_protects_nothing(void **state)
{
    (void)state;
    expect_unprotected(CODE_TEXT, EFI_ATTRIBUTE_RUNTIME | WP, "000000011000-00000001efff");
    expect_unprotected(DATA_NEAR, EFI_ATTRIBUTE_RUNTIME | WP, "000000020000-00000002ffff");
}

static void read_only_and_no_execute_at_once_is_fine(void **state)
{
    (void)state;
    struct mat m;
    mat_begin(&m);
    for (size_t i = 0; i < m.n; i++)
        m.entries[i].attributes = MAT_RO | MAT_XP;
    m.entries[CODE_TEXT].attributes = MAT_RO;
    mat_judge(&m);
    mat_expect(&m.s, "PPPP");
    mat_expect_facts(&m.s, 0, 0, true, true);
    assert_int_equal(mat_findings(&m.s), 0);
    mat_end(&m);
}

/* Both halves of the sentence: code that cannot be executed runs no service. */
static void code_may_be_read_only_and_not_no_execute_throughout(void **state)
{
    (void)state;
    static const uint64_t attributes[] = {MAT_RO, MAT_XP};
    for (size_t a = 0; a < COUNT(attributes); a++) {
        struct mat m;
        mat_begin(&m);
        for (size_t i = CODE_HEAD; i <= CODE_TAIL; i++)
            m.entries[i].attributes = attributes[a];
        mat_judge(&m);
        mat_expect(&m.s, attributes[a] == MAT_RO ? "PPPP" : "PPPF");
        assert_int_equal(mat_findings(&m.s), attributes[a] != MAT_RO);
        assert_true(scene_notes(&m.s, "runtime code is not split"));
        mat_end(&m);
    }
}

static void data_that_is_read_only_can_still_be_executed(void **state)
{
    (void)state;
    struct mat m;
    mat_begin(&m);
    m.entries[DATA_NEAR].attributes = MAT_RO;
    mat_judge(&m);
    mat_expect(&m.s, "PPPF");
    mat_expect_facts(&m.s, 0, 1, true, true);
    mat_expect_only(&m.s, MAT_PROTECTION, "000000020000-00000002ffff", "can be executed",
                    DATA_NEAR);
    mat_end(&m);
}

/* Notes -------------------------------------------------------------------------------------- */

/* Nothing is wrong with no entry at all, and nothing is proven. */
static void a_table_of_other_types_alone_is_not_praised(void **state)
{
    (void)state;
    struct mat m;
    mat_begin(&m);
    m.n = 0;
    m.entries[m.n++] = (struct efi_region){
        .type = 7, .start = 0x10000, .pages = 1, .attributes = EFI_ATTRIBUTE_XP};
    mat_judge(&m);
    mat_expect(&m.s, "PFUU");
    assert_reason(&m.s, "uefi.mat-layout", ST_MALFORMED);
    assert_reason(&m.s, "uefi.page-protection", ST_MALFORMED);
    mat_end(&m);
}

static void entries_of_other_types_are_passed_over(void **state)
{
    (void)state;
    struct mat m;
    mat_begin(&m);
    /* All would be wrong with it, were it looked at. */
    m.entries[m.n++] = (struct efi_region){.type = 7, .start = 0x10800, .virtual_start = 1};
    mat_judge(&m);
    mat_expect(&m.s, "PPPP");
    mat_expect_facts(&m.s, 0, 0, true, true);
    assert_int_equal(scene_fact(&m.s, "mat.entries")->v.u, MAT_SOUND + 1);
    assert_int_equal(m.s.report.facts.mat->n, MAT_SOUND);
    assert_true(scene_notes(&m.s, "entries of other types, which are not used: 1"));
    assert_false(scene_notes(&m.s, "virtual address"));
    mat_end(&m);
}

/* Their offsets are those of the table, not of what is left of it. */
static void findings_behind_a_passed_over_entry_point_at_their_bytes(void **state)
{
    (void)state;
    struct mat m;
    mat_begin(&m);
    m.entries[CODE_HEAD].type = 7;
    m.entries[DATA_FAR].attributes = EFI_ATTRIBUTE_RUNTIME;
    mat_judge(&m);
    mat_expect(&m.s, "PFPF");
    mat_expect_finding(&m.s, MAT_PROTECTION, "000000040000-00000004ffff",
                       "runtime data is neither read-only nor no-execute", DATA_FAR, 48);
    assert_non_null(mat_mark(&m.s, DATA_FAR - 1));
    mat_end(&m);
}

static void oddities_are_noted_and_fail_nothing(void **state)
{
    (void)state;
    struct mat m;
    mat_begin(&m);
    m.entries[DATA_NEAR].attributes |= 0xf;
    m.entries[DATA_FAR].attributes |= WP;
    m.entries[CODE_TEXT].virtual_start = 0xfffffffeff000000;
    mat_judge(&m);
    mat_expect(&m.s, "PPPP");
    assert_int_equal(mat_findings(&m.s), 0);
    assert_true(scene_notes(&m.s, "entries with attributes that the table should not have: 2"));
    assert_true(scene_notes(&m.s, "entries with a virtual address, which should be 0: 1"));
    mat_end(&m);
}

static void flags_are_judged_by_their_version(void **state)
{
    (void)state;
    static const struct {
        uint32_t version, flags;
        enum status st;
        bool flow;
        const char *note; /* or there is none about flags */
    } rows[] = {
        {1, 0, ST_ABSENT, false, NULL},
        {1, 1, ST_ABSENT, false, "reserved flags are set: 0x1"},
        {2, 0, ST_OK, false, NULL},
        {2, 1, ST_OK, true, NULL},
        {2, 3, ST_OK, true, "reserved flags are set: 0x2"},
        {2, 8, ST_OK, false, "reserved flags are set: 0x8"},
        {3, 1, ST_OK, true, NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct mat m;
        mat_begin(&m);
        m.version = rows[i].version;
        m.flags = rows[i].flags;
        mat_judge(&m);
        mat_expect(&m.s, "PPPP");
        assert_int_equal(scene_fact(&m.s, "mat.version")->v.u, rows[i].version);
        const struct fact *flow = scene_fact(&m.s, "mat.forward-control-flow");
        assert_int_equal(flow->st, rows[i].st);
        assert_true(flow->st != ST_OK || flow->v.b == rows[i].flow);
        assert_int_equal(scene_notes(&m.s, "reserved flags"), rows[i].note != NULL);
        assert_true(rows[i].note == NULL || scene_notes(&m.s, rows[i].note));
        assert_int_equal(scene_notes(&m.s, "newer than this program"), rows[i].version == 3);
        mat_end(&m);
    }
}

static void entries_are_as_far_apart_as_the_header_says(void **state)
{
    (void)state;
    static const uint32_t strides[] = {40, 48, 64, 256};
    for (size_t i = 0; i < COUNT(strides); i++) {
        struct mat m;
        mat_begin(&m);
        m.stride = strides[i];
        m.entries[DATA_FAR].attributes = EFI_ATTRIBUTE_RUNTIME;
        mat_judge(&m);
        mat_expect(&m.s, "PPPF");
        assert_int_equal(mat_findings(&m.s), 1);
        mat_expect_finding(&m.s, MAT_PROTECTION, "000000040000-00000004ffff",
                           "runtime data is neither read-only nor no-execute", DATA_FAR,
                           strides[i]);
        mat_end(&m);
    }
}

/* Bytes -------------------------------------------------------------------------------------- */

static void a_table_cut_short_is_there_and_not_judged(void **state)
{
    (void)state;
    static struct build b;
    struct span table = table_memattr(&b);
    static const enum status statuses[] = {ST_OK, ST_TRUNCATED};
    for (size_t i = 0; i < COUNT(statuses); i++) {
        struct mat m;
        mat_begin(&m);
        snap_add(&m.s.snap, (struct blob){.name = "efi/memattr",
                                          .st = statuses[i],
                                          .data = {table.ptr, table.len - 1}});
        mat_add_map(&m);
        scene_judge(&m.s);
        mat_expect_reason(&m.s, "PUUU", ST_TRUNCATED);
        assert_true(scene_notes(&m.s, "data ends inside the table's entries, at byte 159"));
        assert_null(m.s.report.facts.mat);
        mat_end(&m);
    }
}

static void what_is_no_table_is_malformed_for_all_four(void **state)
{
    (void)state;
    static const struct {
        uint32_t version, n, stride;
        const char *note;
    } rows[] = {
        {0, 0, 0, "only zeros where the table should be, at byte 0"},
        {0, 3, 48, "no such version of the table exists, at byte 0"},
        {256, 3, 48, "no such version of the table exists, at byte 0"},
        {1, 3, 32, "a memory descriptor cannot have this size, at byte 8"},
        {1, 3, 44, "a memory descriptor cannot have this size, at byte 8"},
        {1, 3, 0x1000, "a memory descriptor cannot have this size, at byte 8"},
        {1, 0xffffffff, 48, "too many entries for a table, at byte 4"},
    };
    static struct build b;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct mat m;
        mat_begin(&m);
        memattr_begin(&b, rows[i].version, rows[i].n, rows[i].stride);
        put_zeros(&b, 144);
        scene_bytes(&m.s, "efi/memattr", build_span(&b));
        scene_text(&m.s, "efi/kernel-log", "efi: ACPI=0x1 SMBIOS=0x2 MEMATTR=0x3 \n");
        mat_add_map(&m);
        scene_judge(&m.s);
        mat_expect_reason(&m.s, "UUUU", ST_MALFORMED);
        assert_true(scene_notes(&m.s, rows[i].note));
        mat_end(&m);
    }
}

/* Lists -------------------------------------------------------------------------------------- */

/* A table of `n` code entries of one page, one after another from 10000h on, and its map. */
static struct heap long_table(struct scene *s, uint32_t n, uint64_t attributes)
{
    static struct build entry, head;
    memattr_begin(&head, 1, n, 48);
    struct heap table = {.bytes = malloc(head.len + n * 48u)};
    assert_non_null(table.bytes);
    table.span = (struct span){table.bytes, head.len + n * 48u};
    for (size_t i = 0; i < head.len; i++)
        table.bytes[i] = head.bytes[i];
    for (uint32_t k = 0; k < n; k++) {
        entry.len = 0;
        put_region(&entry, EFI_RUNTIME_CODE, 0x10000 + k * 0x1000ull, 1, attributes);
        for (size_t i = 0; i < entry.len; i++)
            table.bytes[head.len + k * 48u + i] = entry.bytes[i];
    }
    scene_text(s, "efi/runtime-map",
               arena_printf(&s->arena, "0x5 0x10000 0x0 0x%x 0x800000000000000f\n", n));
    return table;
}

static void thousands_of_broken_entries_are_summed_up(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    struct heap table = long_table(&s, 4000, EFI_ATTRIBUTE_RUNTIME);
    scene_bytes(&s, "efi/memattr", table.span);
    scene_judge(&s);
    mat_expect(&s, "PPPF");
    assert_int_equal(scene_fact(&s, "mat.entries-unprotected")->v.u, 4000);
    assert_int_equal(mat_findings(&s), FINDINGS_MAX + 1);
    mat_expect_finding(&s, MAT_PROTECTION, "efi/memattr", "3000 more entries", SIZE_MAX, 0);
    assert_non_null(mat_mark(&s, 3999)); /* all are marked */
    heap_free(&table);
    scene_end(&s);
}

static void as_many_as_fit_are_not_summed_up(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    struct heap table = long_table(&s, FINDINGS_MAX, EFI_ATTRIBUTE_RUNTIME);
    scene_bytes(&s, "efi/memattr", table.span);
    scene_judge(&s);
    assert_int_equal(mat_findings(&s), FINDINGS_MAX);
    heap_free(&table);
    scene_end(&s);
}

static void eighty_thousand_entries_are_judged(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    struct heap table = long_table(&s, 80000, MAT_RO);
    scene_bytes(&s, "efi/memattr", table.span);
    scene_judge(&s);
    mat_expect(&s, "PPPP");
    assert_int_equal(scene_fact(&s, "mat.entries")->v.u, 80000);
    heap_free(&table);
    scene_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neither_read_only_nor_no_execute_fails),
        cmocka_unit_test(write_protection_of_caches_protects_nothing),
        cmocka_unit_test(read_only_and_no_execute_at_once_is_fine),
        cmocka_unit_test(code_may_be_read_only_and_not_no_execute_throughout),
        cmocka_unit_test(data_that_is_read_only_can_still_be_executed),
        cmocka_unit_test(a_table_of_other_types_alone_is_not_praised),
        cmocka_unit_test(entries_of_other_types_are_passed_over),
        cmocka_unit_test(findings_behind_a_passed_over_entry_point_at_their_bytes),
        cmocka_unit_test(oddities_are_noted_and_fail_nothing),
        cmocka_unit_test(flags_are_judged_by_their_version),
        cmocka_unit_test(entries_are_as_far_apart_as_the_header_says),
        cmocka_unit_test(a_table_cut_short_is_there_and_not_judged),
        cmocka_unit_test(what_is_no_table_is_malformed_for_all_four),
        cmocka_unit_test(thousands_of_broken_entries_are_summed_up),
        cmocka_unit_test(as_many_as_fit_are_not_summed_up),
        cmocka_unit_test(eighty_thousand_entries_are_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
