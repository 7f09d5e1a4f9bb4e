/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "parse/ivrs.h"
#include "support/cmocka.h"
#include "support/load.h"
#include "support/tables.h"
#include "support/torture.h"
#include "vbscheck/count.h"

TORTURE_PARSE(parse, struct ivrs, ivrs_parse)

static void begin(struct build *b)
{
    acpi_begin(b, "IVRS", 2);
    put_le32(b, 1);
    put_zeros(b, 8);
}

static void counts_blocks_entries_and_units(void **state)
{
    (void)state;
    struct build b;
    struct ivrs i;
    assert_int_equal(ivrs_parse(table_ivrs(&b), &i, NULL), ST_OK);
    assert_int_equal(i.revision, 2);
    assert_int_equal(i.ivinfo, 0x203043);
    assert_int_equal(i.ivhd_10, 1);
    assert_int_equal(i.ivhd_11, 1);
    assert_int_equal(i.ivhd_40, 1);
    assert_int_equal(i.ivmd, 1);
    assert_int_equal(i.unknown, 1);
    assert_int_equal(i.device_entries, 6);
    assert_int_equal(i.units, 1);
}

static void units_differ_by_segment_device_and_base(void **state)
{
    (void)state;
    struct build b;
    struct ivrs i;
    begin(&b);
    put_ivhd(&b, 0x10, 2, 0xfeb80000, 0);
    put_ivhd(&b, 0x10, 2, 0xfeb81000, 0);
    put_ivhd(&b, 0x10, 3, 0xfeb80000, 0);
    put_ivhd(&b, 0x11, 2, 0xfeb80000, 0);
    put_ivhd(&b, 0x10, 2, 0xfeb80000, 0);
    b.bytes[b.len - 8] = 1; /* segment of the last */
    assert_int_equal(ivrs_parse(acpi_end(&b), &i, NULL), ST_OK);
    assert_int_equal(i.units, 4);
}

static enum status parse_entry(unsigned type, unsigned len, unsigned uid_len)
{
    struct build b;
    begin(&b);
    put_ivhd(&b, 0x40, 2, 0xfeb80000, len);
    put_u8(&b, type);
    for (unsigned i = 1; i < len; i++)
        put_u8(&b, i == 21 ? uid_len : 0);
    return parse(acpi_end(&b));
}

static void every_entry_type_has_its_length(void **state)
{
    (void)state;
    for (unsigned type = 0; type < 0x80; type++) {
        unsigned len = type < 0x40 ? 4 : 8;
        assert_int_equal(parse_entry(type, len, 0), ST_OK);
        assert_int_equal(parse_entry(type, len - 1, 0), ST_MALFORMED);
        assert_int_equal(parse_entry(type, len + 1, 0), ST_MALFORMED);
    }
    for (unsigned type = 0x80; type < 0x100; type++)
        assert_int_equal(parse_entry(type, 32, 10), type == 0xf0 ? ST_OK : ST_MALFORMED);
    assert_int_equal(parse_entry(0xf0, 22, 0), ST_OK);
    assert_int_equal(parse_entry(0xf0, 21, 0), ST_MALFORMED);
    assert_int_equal(parse_entry(0xf0, 24, 3), ST_MALFORMED);
    assert_int_equal(parse_entry(0xf0, 24, 1), ST_MALFORMED);
}

static void refuses_blocks_shorter_than_their_fixed_part(void **state)
{
    (void)state;
    static const struct {
        unsigned type, fixed;
    } blocks[] = {{0x10, 24}, {0x11, 40}, {0x40, 40}, {0x20, 32},
                  {0x21, 32}, {0x22, 32}, {0x51, 4}};
    for (size_t i = 0; i < COUNT(blocks); i++) {
        for (unsigned len = 0; len <= blocks[i].fixed; len++) {
            struct build b;
            begin(&b);
            put_le16(&b, blocks[i].type);
            put_le16(&b, len);
            put_zeros(&b, len < 4 ? 0 : len - 4);
            assert_int_equal(parse(acpi_end(&b)), len < blocks[i].fixed ? ST_MALFORMED : ST_OK);
        }
    }
}

static void refuses_more_units_than_any_machine_has(void **state)
{
    (void)state;
    struct build b;
    struct ivrs i;
    begin(&b);
    for (unsigned n = 0; n < 256; n++)
        put_ivhd(&b, 0x10, n, 0xfeb80000, 0);
    assert_int_equal(ivrs_parse(acpi_end(&b), &i, NULL), ST_OK);
    assert_int_equal(i.units, 256);
    put_ivhd(&b, 0x10, 256, 0xfeb80000, 0);
    assert_int_equal(parse(acpi_end(&b)), ST_MALFORMED);
}

static void stands_torture(void **state)
{
    (void)state;
    struct build b;
    struct span good = table_ivrs(&b);
    torture_truncate_table(parse, good);
    torture_flip_table(parse, good);
    torture_mutate_table(parse, good);
}

/* "51" or "50/51", hexadecimal, one a block; "0" for none. */
static unsigned unknown_of(const struct truth *t)
{
    struct span at = {0};
    uint64_t type = 0;
    unsigned n = 0;
    assert_true(span_find(span_of(t->facts), "unknown_blocks=", &at));
    while (span_take_hex(&at, &type)) {
        n += type != 0;
        if (!span_starts(at, "/"))
            break;
        at = span_skip(at, 1);
    }
    return n;
}

static void check_truth(const struct truth *t)
{
    struct ivrs i;
    if (t->malformed) {
        assert_int_equal(parse(t->table), ST_MALFORMED);
        return;
    }
    assert_int_equal(ivrs_parse(t->table, &i, NULL), ST_OK);
    assert_int_equal(i.revision, truth_number(t, "rev", 99));
    assert_int_equal(i.ivinfo, truth_number(t, "ivinfo", 99));
    assert_int_equal(i.ivhd_10, truth_number(t, "ivhd10", 99));
    assert_int_equal(i.ivhd_11, truth_number(t, "ivhd11", 99));
    assert_int_equal(i.ivhd_40, truth_number(t, "ivhd40", 99));
    assert_int_equal(i.ivmd, truth_number(t, "ivmd20", 99) + truth_number(t, "ivmd21", 99) +
                                 truth_number(t, "ivmd22", 99));
    assert_int_equal(i.unknown, unknown_of(t));
    assert_int_equal(i.device_entries, truth_number(t, "device_entries", 99));
    assert_in_range(i.units, 1, i.ivhd_10);
}

static void agrees_with_iasl_on_the_corpus(void **state)
{
    (void)state;
    print_message("%u tables\n", each_truth("IVRS", check_truth));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_blocks_entries_and_units),
        cmocka_unit_test(units_differ_by_segment_device_and_base),
        cmocka_unit_test(every_entry_type_has_its_length),
        cmocka_unit_test(refuses_blocks_shorter_than_their_fixed_part),
        cmocka_unit_test(refuses_more_units_than_any_machine_has),
        cmocka_unit_test(stands_torture),
        cmocka_unit_test(agrees_with_iasl_on_the_corpus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
