/* SPDX-License-Identifier: MIT */
/* Device entries of IVHD blocks: which there are, and the ranges that they make. */
#include <string.h>

#include "parse/acpi/ivrs.h"
#include "support/cmocka.h"
#include "support/tables.h"
#include "support/torture.h"
#include "vbscheck/count.h"

TORTURE_PARSE_IN_ARENA(parse, struct ivrs, ivrs_parse)

static void begin(struct build *b)
{
    acpi_begin(b, "IVRS", 2);
    put_le32(b, 1);
    put_zeros(b, 8);
}

static void assert_fault(struct build *b, size_t offset, const char *what)
{
    struct ivrs i;
    struct fault fault = {0};
    assert_int_equal(parse_in_arena(acpi_end(b), &i, &fault), ST_MALFORMED);
    assert_string_equal(fault.what, what);
    assert_int_equal(fault.offset, offset);
}

/* One entry, with the end of its range or its start where the type asks for it. */
static enum status parse_entry(unsigned type, unsigned len, unsigned uid_len)
{
    enum { END = 0x04 };
    struct build b;
    bool starts = type == 0x03 || type == 0x43 || type == 0x47;
    begin(&b);
    put_ivhd(&b, 0x40, 2, 0xfeb80000, (type == END ? 4 : 0) + len + (starts ? 4 : 0));
    if (type == END)
        put_entry(&b, 0x03, 0);
    put_u8(&b, type);
    for (unsigned i = 1; i < len; i++)
        put_u8(&b, i == 21 ? uid_len : 0);
    if (starts)
        put_entry(&b, END, 0);
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

static void assert_range(const struct ivhd_range *r, const struct ivhd_range *expected)
{
    assert_int_equal(r->first, expected->first);
    assert_int_equal(r->last, expected->last);
    assert_int_equal(r->has_alias, expected->has_alias);
    if (expected->has_alias)
        assert_int_equal(r->alias, expected->alias);
}

static void put_entries_of_every_type(struct build *b)
{
    put_entry(b, 0x02, 0x0010);
    put_entry(b, 0x03, 0x0020); /* over a bus, with what gives no range between */
    put_entry(b, 0x00, 0xffff);
    put_long_entry(b, 0x48, 0x00ff, 0x00a0);
    put_entry(b, 0x04, 0x01ff);
    put_long_entry(b, 0x42, 0x0210, 0x00a5);
    put_long_entry(b, 0x43, 0xff00, 0x00a6);
    put_entry(b, 0x04, 0xffff);
    put_long_entry(b, 0x46, 0x0310, 0xffff);
    put_long_entry(b, 0x47, 0x0400, 0xffff);
    put_entry(b, 0x04, 0x0400); /* of one device */
    put_long_entry(b, 0x40, 0x0500, 0x0500);
    put_long_entry(b, 0x41, 0x0500, 0x0500);
    put_entry(b, 0xf0, 0x00a5);
    put_bytes(b, "AMDI0020", 8);
    put_zeros(b, 8);
    put_le16(b, 0x0401);
    put_le32(b, 0x04030201);
    put_entry(b, 0x01, 0x1234); /* the id is reserved */
}

static void keeps_the_ranges_of_every_type_of_entry(void **state)
{
    static const struct ivhd_range expected[] = {
        {.first = 0x0010, .last = 0x0010},
        {.first = 0x0020, .last = 0x01ff},
        {.first = 0x0210, .last = 0x0210, .has_alias = true, .alias = 0x00a5},
        {.first = 0xff00, .last = 0xffff, .has_alias = true, .alias = 0x00a6},
        {.first = 0x0310, .last = 0x0310},
        {.first = 0x0400, .last = 0x0400},
        {.first = 0x0000, .last = 0xffff},
    };
    struct build b;
    struct build entries = {.len = 0};
    struct ivrs i;
    put_entries_of_every_type(&entries);
    begin(&b);
    put_ivhd(&b, 0x40, 2, 0xfeb80000, entries.len);
    put_bytes(&b, entries.bytes, entries.len);
    put_ivhd(&b, 0x40, 2, 0xfeb80000, 0);
    assert_int_equal(ivrs_parse(acpi_end(&b), *state, &i, NULL), ST_OK);
    assert_int_equal(i.device_entries, 15);
    assert_int_equal(i.entries_of_type[0x04], 3);
    assert_int_equal(i.entries_of_type[0xf0], 1);
    assert_int_equal(i.ivhds[0].acpi_devices, 1);
    assert_int_equal(i.ivhds[0].n_ranges, COUNT(expected));
    for (size_t n = 0; n < COUNT(expected); n++)
        assert_range(&i.ivhds[0].ranges[n], &expected[n]);
    assert_int_equal(i.ivhds[1].n_ranges, 0);
    assert_int_equal(i.ivhds[1].acpi_devices, 0);
}

static void parses_64_ki_entries(void **state)
{
    enum { BLOCKS = 16, ENTRIES = 4096 };
    struct build table;
    struct build part = {.len = 0};
    struct ivrs i;
    begin(&table);
    put_ivhd(&part, 0x10, 2, 0xfeb80000, (size_t)4 * ENTRIES);
    for (unsigned n = 0; n < ENTRIES; n++)
        put_entry(&part, 0x02, n);
    struct heap h = acpi_repeat(build_span(&table), build_span(&part), BLOCKS);
    assert_int_equal(ivrs_parse(h.span, *state, &i, NULL), ST_OK);
    assert_int_equal(i.device_entries, BLOCKS * ENTRIES);
    assert_int_equal(i.entries_of_type[0x02], BLOCKS * ENTRIES);
    assert_int_equal(i.n_ivhds, BLOCKS);
    assert_int_equal(i.units, 1);
    for (size_t n = 0; n < BLOCKS; n++) {
        assert_int_equal(i.ivhds[n].n_ranges, ENTRIES);
        assert_int_equal(i.ivhds[n].ranges[ENTRIES - 1].first, ENTRIES - 1);
    }
    heap_free(&h);
}

/* Device entries start at 72. */
static void refuses_ranges_that_make_no_sense(void **state)
{
    (void)state;
    static const struct {
        uint8_t entries[12];
        size_t len, offset;
        const char *what;
    } cases[] = {
        {{4, 8, 0, 0}, 4, 72 + 3, "range of devices ends without a start"},
        {{2, 8, 0, 0, 4, 8, 0, 0}, 8, 76 + 3, "range of devices ends without a start"},
        {{3, 8, 0, 0, 4, 9, 0, 0, 4, 10}, 12, 80 + 3, "range of devices ends without a start"},
        {{3, 0, 1, 0, 4, 0xff, 0, 0}, 8, 76 + 3, "range of devices ends before it begins"},
        {{0x43, 1, 0, 0, 0, 0, 0, 0, 4, 0}, 12, 80 + 3, "range of devices ends before it begins"},
        {{0x47, 1, 0, 0, 0, 0, 0, 0, 4, 0}, 12, 80 + 3, "range of devices ends before it begins"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct build b;
        begin(&b);
        put_ivhd(&b, 0x10, 2, 0xfeb80000, cases[i].len);
        put_bytes(&b, cases[i].entries, cases[i].len);
        assert_fault(&b, cases[i].offset, cases[i].what);
    }
}

/* As in Linux (init_iommu_from_acpi), where the next start forgets the one before. */
static void a_range_that_does_not_end_covers_nothing(void **state)
{
    static const uint8_t cases[][12] = {
        {3, 8, 0, 0, 2, 9, 0, 0},
        {0x43, 8, 0, 0, 0, 7, 0, 0, 2, 9},
        {0x47, 8, 0, 0, 0, 0, 0, 0, 2, 9},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct build b;
        struct ivrs v;
        begin(&b);
        put_ivhd(&b, 0x10, 2, 0xfeb80000, i == 0 ? 8 : 12);
        put_bytes(&b, cases[i], i == 0 ? 8 : 12);
        assert_int_equal(ivrs_parse(acpi_end(&b), *state, &v, NULL), ST_OK);
        assert_int_equal(v.unfinished, 1);
        assert_int_equal(v.ivhds[0].n_ranges, 1);
        assert_int_equal(v.ivhds[0].ranges[0].first, 9);
    }
}

static void a_start_inside_a_range_begins_anew(void **state)
{
    struct build b;
    struct ivrs v;
    begin(&b);
    put_ivhd(&b, 0x10, 2, 0xfeb80000, 12);
    put_entry(&b, 0x03, 8);
    put_entry(&b, 0x03, 0x10);
    put_entry(&b, 0x04, 0x18);
    assert_int_equal(ivrs_parse(acpi_end(&b), *state, &v, NULL), ST_OK);
    assert_int_equal(v.unfinished, 1);
    assert_int_equal(v.ivhds[0].n_ranges, 1);
    assert_int_equal(v.ivhds[0].ranges[0].first, 0x10);
}

static void a_range_does_not_end_in_the_next_block(void **state)
{
    (void)state;
    struct build b;
    begin(&b);
    put_ivhd(&b, 0x10, 2, 0xfeb80000, 4);
    put_entry(&b, 0x03, 8);
    put_ivhd(&b, 0x10, 2, 0xfeb80000, 4);
    put_entry(&b, 0x04, 0xffff);
    assert_fault(&b, 100 + 3, "range of devices ends without a start");
}

static void tells_which_entry_cannot_be_stepped_over(void **state)
{
    (void)state;
    static const struct {
        unsigned type, len;
        size_t offset;
        const char *what;
    } cases[] = {
        {0x80, 4, 76, "device entry type of unknown length"},
        {0xff, 8, 76, "device entry type of unknown length"},
        {0x02, 3, 76, "device entry is longer than its block"},
        {0x42, 7, 76, "device entry is longer than its block"},
        {0xf0, 24, 76, "device entry is longer than its block"},
        {0xf0, 21, 97, "data ends too early"}, /* where the length would be */
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct build b;
        begin(&b);
        put_ivhd(&b, 0x10, 2, 0xfeb80000, 4 + cases[i].len);
        put_entry(&b, 0x00, 0);
        put_u8(&b, cases[i].type);
        for (unsigned n = 1; n < cases[i].len; n++)
            put_u8(&b, n == 21 ? 3 : 0);
        assert_fault(&b, cases[i].offset, cases[i].what);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_entry_type_has_its_length),
        cmocka_unit_test(keeps_the_ranges_of_every_type_of_entry),
        cmocka_unit_test(parses_64_ki_entries),
        cmocka_unit_test(refuses_ranges_that_make_no_sense),
        cmocka_unit_test(a_range_that_does_not_end_covers_nothing),
        cmocka_unit_test(a_start_inside_a_range_begins_anew),
        cmocka_unit_test(a_range_does_not_end_in_the_next_block),
        cmocka_unit_test(tells_which_entry_cannot_be_stepped_over),
    };
    return cmocka_run_group_tests(tests, test_arena_setup, test_arena_teardown);
}
