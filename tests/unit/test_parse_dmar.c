/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "parse/dmar.h"
#include "support/cmocka.h"
#include "support/load.h"
#include "support/tables.h"
#include "support/torture.h"

TORTURE_PARSE(parse, struct dmar, dmar_parse)

static void begin(struct build *b)
{
    acpi_begin(b, "DMAR", 1);
    put_u8(b, 38);
    put_u8(b, 1);
    put_zeros(b, 10);
}

static void counts_every_structure_and_scope(void **state)
{
    (void)state;
    static const unsigned expected[DMAR_TYPES] = {2, 1, 1, 1, 1, 1, 1};
    struct build b;
    struct dmar d;
    assert_int_equal(dmar_parse(table_dmar(&b), &d, NULL), ST_OK);
    assert_int_equal(d.revision, 1);
    assert_int_equal(d.host_address_width, 39);
    assert_int_equal(d.flags, DMAR_INTR_REMAP | DMAR_DMA_CTRL_PLATFORM_OPT_IN);
    for (size_t i = 0; i < DMAR_TYPES; i++)
        assert_int_equal(d.counts[i], expected[i]);
    assert_int_equal(d.unknown, 1);
    assert_int_equal(d.device_scopes, 7);
    assert_int_equal(d.include_all, 1);
}

static void takes_a_table_without_structures(void **state)
{
    (void)state;
    struct build b;
    struct dmar d;
    begin(&b);
    assert_int_equal(dmar_parse(acpi_end(&b), &d, NULL), ST_OK);
    assert_int_equal(d.counts[DMAR_DRHD], 0);
    b.len--;
    assert_int_equal(parse(acpi_end(&b)), ST_MALFORMED);
}

static void refuses_record_length_that_cannot_advance(void **state)
{
    (void)state;
    for (unsigned len = 0; len < 4; len++) {
        struct build b;
        struct dmar d;
        struct fault fault;
        begin(&b);
        put_le16(&b, 9);
        put_le16(&b, len);
        assert_int_equal(dmar_parse(acpi_end(&b), &d, &fault), ST_MALFORMED);
        assert_int_equal(fault.offset, 48);
        assert_string_equal(fault.what, len == 0 ? "structure length 0 cannot be stepped over"
                                                 : "structure is shorter than its header");
    }
}

static void refuses_structures_shorter_than_their_fixed_part(void **state)
{
    (void)state;
    static const unsigned fixed[DMAR_TYPES] = {16, 24, 8, 20, 8, 8, 8};
    for (unsigned type = 0; type < DMAR_TYPES; type++) {
        for (unsigned len = 4; len <= fixed[type]; len++) {
            struct build b;
            begin(&b);
            put_le16(&b, type);
            put_le16(&b, len);
            put_zeros(&b, len - 4);
            assert_int_equal(parse(acpi_end(&b)), len < fixed[type] ? ST_MALFORMED : ST_OK);
        }
    }
}

static void refuses_scopes_without_a_whole_path(void **state)
{
    (void)state;
    for (unsigned len = 0; len <= 10; len++) {
        struct build b;
        bool whole = len == 8 || len == 10;
        begin(&b);
        put_le16(&b, 0);
        put_le16(&b, 16 + (len < 2 ? 2 : len));
        put_zeros(&b, 12);
        put_u8(&b, 1);
        put_u8(&b, len);
        put_zeros(&b, len < 2 ? 0 : len - 2);
        assert_int_equal(parse(acpi_end(&b)), whole ? ST_OK : ST_MALFORMED);
    }
}

static void refuses_a_scope_that_runs_into_the_next_structure(void **state)
{
    (void)state;
    struct build b;
    begin(&b);
    put_drhd(&b, 0, 0xfed90000, 1);
    put_drhd(&b, 1, 0xfed91000, 0);
    b.bytes[48 + 17] = 10; /* its length; 8 bytes are there */
    assert_int_equal(parse(acpi_end(&b)), ST_MALFORMED);
}

static void stands_torture(void **state)
{
    (void)state;
    struct build b;
    struct span good = table_dmar(&b);
    torture_truncate_table(parse, good);
    torture_flip_table(parse, good);
    torture_mutate_table(parse, good);
}

static void check_truth(const struct truth *t)
{
    static const char *const keys[DMAR_TYPES] = {"drhd", "rmrr", "atsr", "rhsa",
                                                 "andd", "satc", "sidp"};
    struct dmar d;
    if (t->malformed) {
        assert_int_equal(parse(t->table), ST_MALFORMED);
        return;
    }
    assert_int_equal(dmar_parse(t->table, &d, NULL), ST_OK);
    assert_int_equal(d.revision, truth_number(t, "rev", 99));
    assert_int_equal(d.host_address_width, truth_number(t, "haw", 99) + 1);
    assert_int_equal(d.flags, truth_number(t, "flags", 99));
    for (size_t i = 0; i < DMAR_TYPES; i++)
        assert_int_equal(d.counts[i], truth_number(t, keys[i], 99));
    assert_int_equal(d.unknown, truth_number(t, "unknown_subtables", 99));
    assert_int_equal(d.device_scopes, truth_number(t, "scopes", 99));
    assert_int_equal(d.include_all, truth_number(t, "include_pci_all", 99));
}

static void agrees_with_iasl_on_the_corpus(void **state)
{
    (void)state;
    print_message("%u tables\n", each_truth("DMAR", check_truth));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_every_structure_and_scope),
        cmocka_unit_test(takes_a_table_without_structures),
        cmocka_unit_test(refuses_record_length_that_cannot_advance),
        cmocka_unit_test(refuses_structures_shorter_than_their_fixed_part),
        cmocka_unit_test(refuses_scopes_without_a_whole_path),
        cmocka_unit_test(refuses_a_scope_that_runs_into_the_next_structure),
        cmocka_unit_test(stands_torture),
        cmocka_unit_test(agrees_with_iasl_on_the_corpus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
