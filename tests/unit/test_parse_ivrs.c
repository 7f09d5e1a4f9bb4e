/* SPDX-License-Identifier: MIT */
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

static void counts_blocks_entries_and_units(void **state)
{
    struct build b;
    struct ivrs i;
    assert_int_equal(ivrs_parse(table_ivrs(&b), *state, &i, NULL), ST_OK);
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
    struct build b;
    struct ivrs i;
    begin(&b);
    put_ivhd(&b, 0x10, 2, 0xfeb80000, 0);
    put_ivhd(&b, 0x10, 2, 0xfeb81000, 0);
    put_ivhd(&b, 0x10, 3, 0xfeb80000, 0);
    put_ivhd(&b, 0x11, 2, 0xfeb80000, 0);
    put_ivhd(&b, 0x10, 2, 0xfeb80000, 0);
    b.bytes[b.len - 8] = 1; /* segment of the last */
    assert_int_equal(ivrs_parse(acpi_end(&b), *state, &i, NULL), ST_OK);
    assert_int_equal(i.units, 4);
}

/* An IVHD with every bit of what is not kept set, then one device entry. */
static void put_ivhd_fields(struct build *b, unsigned type, unsigned flags)
{
    put_u8(b, type);
    put_u8(b, flags);
    put_le16(b, type == 0x10 ? 28 : 44);
    put_le16(b, 0xc002);
    put_le16(b, 0xffff); /* capability offset */
    put_le64(b, 0x000000f0feb80000);
    put_le16(b, 0x1234); /* segment */
    put_le16(b, 0xffff); /* MSI number, unit id */
    put_le32(b, 0x80000041);
    if (type != 0x10) {
        put_le64(b, 0x246577efa2254afa);
        put_le64(b, 0x0000000000000010);
    }
    put_entry(b, 0x02, 0xc010);
}

static void assert_ivhd(const struct ivhd *h, size_t offset, unsigned type, unsigned flags)
{
    assert_int_equal(h->offset, offset);
    assert_int_equal(h->type, type);
    assert_int_equal(h->flags, flags);
    assert_int_equal(h->device, 0xc002);
    assert_int_equal(h->segment, 0x1234);
    assert_int_equal(h->base, 0x000000f0feb80000);
    assert_int_equal(h->attributes, type == 0x10 ? 0 : 0x80000041);
    assert_int_equal(h->efr, type == 0x10 ? 0 : 0x246577efa2254afa);
    assert_int_equal(h->acpi_devices, 0);
    assert_int_equal(h->n_ranges, 1);
    assert_int_equal(h->ranges[0].first, 0xc010);
}

static void keeps_every_field_of_ivhds_and_the_efr_of_11h_and_40h_only(void **state)
{
    struct build b;
    struct ivrs i;
    begin(&b);
    put_ivhd_fields(&b, 0x10, 0xb0);
    put_le32(&b, 0x00040051);
    put_ivhd_fields(&b, 0x11, 0x30);
    put_ivhd_fields(&b, 0x40, 0xff);
    assert_int_equal(ivrs_parse(acpi_end(&b), *state, &i, NULL), ST_OK);
    assert_int_equal(i.n_ivhds, 3);
    assert_ivhd(&i.ivhds[0], 48, 0x10, 0xb0);
    assert_ivhd(&i.ivhds[1], 80, 0x11, 0x30);
    assert_ivhd(&i.ivhds[2], 124, 0x40, 0xff);
    assert_int_equal(i.entries_of_type[0x02], 3);
    assert_int_equal(i.units, 1);
    assert_int_equal(i.unknown, 1);
    assert_int_equal(i.n_ivmds, 0);
}

static void the_highest_type_of_ivhd_is_used(void **state)
{
    static const struct {
        unsigned types[3];
        unsigned used;
    } cases[] = {
        {{0x20, 0x51, 0x22}, 0},    {{0x10, 0x10, 0x20}, 0x10}, {{0x10, 0x11, 0x22}, 0x11},
        {{0x11, 0x10, 0x10}, 0x11}, {{0x40, 0x11, 0x10}, 0x40}, {{0x10, 0x40, 0x51}, 0x40},
        {{0x12, 0x3f, 0x10}, 0x10}, {{0x41, 0x50, 0x11}, 0x11},
    };
    for (size_t n = 0; n < COUNT(cases); n++) {
        struct build b;
        struct ivrs i;
        begin(&b);
        for (size_t k = 0; k < 3; k++)
            put_ivhd(&b, cases[n].types[k], 2, 0xfeb80000, 0);
        assert_int_equal(ivrs_parse(acpi_end(&b), *state, &i, NULL), ST_OK);
        assert_int_equal(i.used, cases[n].used);
    }
}

static void put_ivmd(struct build *b, unsigned type, unsigned flags)
{
    put_u8(b, type);
    put_u8(b, flags);
    put_le16(b, 32);
    put_le16(b, 0x0110); /* device */
    put_le16(b, 0x02ff); /* the last one, or reserved */
    put_le16(b, 0x1234); /* segment */
    put_le32(b, 0xffffffff);
    put_le16(b, 0xffff);
    put_le64(b, 0x000000017f000000);
    put_le64(b, 0x0000000200001000);
}

static void keeps_every_field_of_ivmds(void **state)
{
    static const uint16_t first[] = {0, 0x0110, 0x0110};
    static const uint16_t last[] = {0xffff, 0x0110, 0x02ff};
    struct build b;
    struct ivrs i;
    begin(&b);
    for (unsigned n = 0; n < 3; n++)
        put_ivmd(&b, 0x20 + n, 8 + n);
    assert_int_equal(ivrs_parse(acpi_end(&b), *state, &i, NULL), ST_OK);
    assert_int_equal(i.ivmd, 3);
    assert_int_equal(i.n_ivmds, 3);
    assert_int_equal(i.n_ivhds, 0);
    for (size_t n = 0; n < 3; n++) {
        const struct ivmd *m = &i.ivmds[n];
        assert_int_equal(m->offset, 48 + 32 * n);
        assert_int_equal(m->type, 0x20 + n);
        assert_int_equal(m->flags, 8 + n);
        assert_int_equal(m->first, first[n]);
        assert_int_equal(m->last, last[n]);
        assert_int_equal(m->segment, 0x1234);
        assert_int_equal(m->start, 0x000000017f000000);
        assert_int_equal(m->length, 0x0000000200001000);
    }
}

static void tells_which_block_cannot_be_stepped_over(void **state)
{
    (void)state;
    static const struct {
        uint32_t head;
        size_t offset;
        const char *what;
    } cases[] = {
        {0x00000010, 72, "structure length 0 cannot be stepped over"},
        {0x00000051, 72, "structure length 0 cannot be stepped over"},
        {0x00010011, 72, "structure is shorter than its header"},
        {0x00030022, 72, "structure is shorter than its header"},
        {0x00170010, 76, "block is shorter than its fixed part"},
        {0x00270011, 76, "block is shorter than its fixed part"},
        {0x00270040, 76, "block is shorter than its fixed part"},
        {0x001f0020, 76, "block is shorter than its fixed part"},
        {0x00290010, 72, "structure is longer than the data left"},
        {0x00290021, 72, "structure is longer than the data left"},
        {0xffff0051, 72, "structure is longer than the data left"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct build b;
        begin(&b);
        put_ivhd(&b, 0x10, 2, 0xfeb80000, 0);
        put_le32(&b, cases[i].head);
        put_zeros(&b, 36);
        assert_fault(&b, cases[i].offset, cases[i].what);
    }
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
    struct build b;
    struct ivrs i;
    begin(&b);
    for (unsigned n = 0; n < 256; n++)
        put_ivhd(&b, 0x10, n, 0xfeb80000, 0);
    assert_int_equal(ivrs_parse(acpi_end(&b), *state, &i, NULL), ST_OK);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_blocks_entries_and_units),
        cmocka_unit_test(units_differ_by_segment_device_and_base),
        cmocka_unit_test(keeps_every_field_of_ivhds_and_the_efr_of_11h_and_40h_only),
        cmocka_unit_test(the_highest_type_of_ivhd_is_used),
        cmocka_unit_test(keeps_every_field_of_ivmds),
        cmocka_unit_test(tells_which_block_cannot_be_stepped_over),
        cmocka_unit_test(refuses_blocks_shorter_than_their_fixed_part),
        cmocka_unit_test(refuses_more_units_than_any_machine_has),
        cmocka_unit_test(stands_torture),
    };
    return cmocka_run_group_tests(tests, test_arena_setup, test_arena_teardown);
}
