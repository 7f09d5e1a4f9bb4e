/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "parse/acpi/dmar.h"
#include "support/cmocka.h"
#include "support/tables.h"
#include "support/torture.h"
#include "vbscheck/count.h"

TORTURE_PARSE_IN_ARENA(parse, struct dmar, dmar_parse)

static void begin(struct build *b)
{
    acpi_begin(b, "DMAR", 1);
    put_u8(b, 38);
    put_u8(b, 1);
    put_zeros(b, 10);
}

static void assert_fault(struct build *b, size_t offset, const char *what)
{
    struct dmar d;
    struct fault fault = {0};
    assert_int_equal(parse_in_arena(acpi_end(b), &d, &fault), ST_MALFORMED);
    assert_string_equal(fault.what, what);
    assert_int_equal(fault.offset, offset);
}

static void counts_every_structure_and_scope(void **state)
{
    static const unsigned expected[DMAR_TYPES] = {2, 1, 1, 1, 1, 1, 1};
    struct build b;
    struct dmar d;
    assert_int_equal(dmar_parse(table_dmar(&b), *state, &d, NULL), ST_OK);
    assert_int_equal(d.revision, 1);
    assert_int_equal(d.host_address_width, 39);
    assert_int_equal(d.flags, DMAR_INTR_REMAP | DMAR_DMA_CTRL_PLATFORM_OPT_IN);
    for (size_t i = 0; i < DMAR_TYPES; i++)
        assert_int_equal(d.counts[i], expected[i]);
    assert_int_equal(d.unknown, 1);
    assert_int_equal(d.device_scopes, 7);
    assert_int_equal(d.include_all, 1);
}

/* A structure's header, and the four bytes that all but RHSA and ANDD have next. */
static void put_structure(struct build *b, unsigned type, unsigned len, unsigned flags,
                          unsigned segment)
{
    put_le16(b, type);
    put_le16(b, len);
    put_u8(b, flags);
    put_u8(b, 0xff); /* size of the register set, or reserved */
    put_le16(b, segment);
}

/* One of each type; whatever is not kept has all bits set. */
static struct span table_of_fields(struct build *b)
{
    begin(b);
    put_structure(b, 0, 16, 0x81, 0x1234);
    put_le64(b, 0x00000080fed90000);
    put_structure(b, 1, 24, 0xff, 0x2345);
    put_le64(b, 0x0000000a99d00000);
    put_le64(b, 0x0000000a9bffffff);
    put_structure(b, 2, 8, 0x01, 0x3456);
    put_structure(b, 3, 20, 0xff, 0xffff);
    put_le64(b, 0x00000080fed90000);
    put_le32(b, 0xffffffff);
    put_le16(b, 9);
    put_le16(b, 5);
    put_u8(b, 0xff);
    put_structure(b, 4, 10, 0xff, 0x07ff); /* the number is the last byte of the four */
    put_bytes(b, "\\", 2);
    put_structure(b, 5, 8, 0x01, 0x4567);
    put_structure(b, 6, 8, 0xff, 0x5678);
    return acpi_end(b);
}

static void assert_structure(const struct dmar_structure *s, const struct dmar_structure *expected)
{
    assert_int_equal(s->offset, expected->offset);
    assert_int_equal(s->type, expected->type);
    assert_int_equal(s->flags, expected->flags);
    assert_int_equal(s->number, expected->number);
    assert_int_equal(s->segment, expected->segment);
    assert_int_equal(s->base, expected->base);
    assert_int_equal(s->limit, expected->limit);
    assert_int_equal(s->n_scopes, 0);
}

static void keeps_every_field_of_every_type(void **state)
{
    static const struct dmar_structure expected[] = {
        {.offset = 48, .type = 0, .flags = 0x81, .segment = 0x1234, .base = 0x00000080fed90000},
        {.offset = 64,
         .type = 1,
         .segment = 0x2345,
         .base = 0x0000000a99d00000,
         .limit = 0x0000000a9bffffff},
        {.offset = 88, .type = 2, .flags = 1, .segment = 0x3456},
        {.offset = 96, .type = 3},
        {.offset = 121, .type = 4, .number = 7},
        {.offset = 131, .type = 5, .flags = 1, .segment = 0x4567},
        {.offset = 139, .type = 6, .segment = 0x5678},
    };
    struct build b;
    struct dmar d;
    assert_int_equal(dmar_parse(table_of_fields(&b), *state, &d, NULL), ST_OK);
    assert_int_equal(d.unknown, 1);
    assert_int_equal(d.include_all, 1);
    assert_int_equal(d.n_structures, COUNT(expected));
    for (size_t i = 0; i < COUNT(expected); i++)
        assert_structure(&d.structures[i], &expected[i]);
}

static void assert_scope(const struct dmar_scope *s, size_t offset, const uint8_t *bytes)
{
    assert_int_equal(s->offset, offset);
    assert_int_equal(s->type, bytes[0]);
    assert_int_equal(s->id, bytes[4]);
    assert_int_equal(s->bus, bytes[5]);
    assert_int_equal(s->path.len, bytes[1] - 6);
    assert_memory_equal(s->path.ptr, bytes + 6, s->path.len);
}

static void keeps_every_field_of_scopes_of_one_and_two_hops(void **state)
{
    static const uint8_t one[] = {1, 8, 0xff, 0xff, 0x11, 0xf0, 0x1d, 0x03};
    static const uint8_t two[] = {2, 10, 0xff, 0xff, 0x12, 0x80, 0x1c, 0x05, 0x00, 0x01};
    static const struct {
        unsigned type, fixed;
    } with_scopes[] = {{0, 16}, {1, 24}, {2, 8}, {5, 8}, {6, 8}};
    for (size_t i = 0; i < COUNT(with_scopes); i++) {
        struct build b;
        struct dmar d;
        size_t fixed = with_scopes[i].fixed;
        begin(&b);
        put_drhd(&b, 0, 0xfed90000, 0); /* before it, one without */
        put_structure(&b, with_scopes[i].type, (unsigned)fixed + 18, 0, 0);
        put_zeros(&b, fixed - 8);
        put_bytes(&b, one, sizeof one);
        put_bytes(&b, two, sizeof two);
        assert_int_equal(dmar_parse(acpi_end(&b), *state, &d, NULL), ST_OK);
        assert_int_equal(d.device_scopes, 2);
        assert_int_equal(d.structures[0].n_scopes, 0);
        assert_int_equal(d.structures[1].n_scopes, 2);
        assert_scope(&d.structures[1].scopes[0], 64 + fixed, one);
        assert_scope(&d.structures[1].scopes[1], 64 + fixed + 8, two);
    }
}

static void names_and_proximity_are_not_scopes(void **state)
{
    static const uint8_t scope[] = {1, 8, 0, 0, 0, 0, 2, 0};
    struct build b;
    struct dmar d;
    begin(&b);
    put_structure(&b, 4, 16, 0, 0);
    put_bytes(&b, scope, sizeof scope);
    put_structure(&b, 3, 28, 0, 0);
    put_zeros(&b, 12);
    put_bytes(&b, scope, sizeof scope);
    assert_int_equal(dmar_parse(acpi_end(&b), *state, &d, NULL), ST_OK);
    assert_int_equal(d.device_scopes, 0);
}

static void parses_64_ki_scopes(void **state)
{
    enum { STRUCTURES = 16, SCOPES = 4096 };
    struct build table;
    struct build part = {.len = 0};
    struct dmar d;
    begin(&table);
    put_structure(&part, 0, 16 + 8 * SCOPES, 0, 0);
    put_le64(&part, 0xfed90000);
    for (unsigned i = 0; i < SCOPES; i++)
        put_scope(&part, 1, 1);
    struct heap h = acpi_repeat(build_span(&table), build_span(&part), STRUCTURES);
    assert_int_equal(dmar_parse(h.span, *state, &d, NULL), ST_OK);
    assert_int_equal(d.device_scopes, STRUCTURES * SCOPES);
    assert_int_equal(d.n_structures, STRUCTURES);
    for (size_t i = 0; i < STRUCTURES; i++)
        assert_int_equal(d.structures[i].n_scopes, SCOPES);
    assert_int_equal(d.structures[15].scopes[SCOPES - 1].offset, h.span.len - 8);
    heap_free(&h);
}

static void takes_a_table_without_structures(void **state)
{
    struct build b;
    struct dmar d;
    begin(&b);
    assert_int_equal(dmar_parse(acpi_end(&b), *state, &d, NULL), ST_OK);
    assert_int_equal(d.counts[DMAR_DRHD], 0);
    assert_int_equal(d.n_structures, 0);
    b.len--;
    assert_int_equal(parse(acpi_end(&b)), ST_MALFORMED);
}

static void refuses_record_length_that_cannot_advance(void **state)
{
    (void)state;
    for (unsigned len = 0; len < 4; len++) {
        struct build b;
        begin(&b);
        put_le16(&b, 9);
        put_le16(&b, len);
        assert_fault(&b, 48,
                     len == 0 ? "structure length 0 cannot be stepped over"
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

static void refuses_a_structure_longer_than_the_table(void **state)
{
    (void)state;
    for (unsigned type = 0; type <= DMAR_TYPES; type++) {
        struct build b;
        begin(&b);
        put_drhd(&b, 0, 0xfed90000, 0);
        put_structure(&b, type, 8 + 20 + 1, 0, 0);
        put_zeros(&b, 20);
        assert_fault(&b, 64, "structure is longer than the data left");
    }
}

static void tells_which_structure_or_scope_is_short(void **state)
{
    (void)state;
    struct build b;
    begin(&b);
    put_le16(&b, 1);
    put_le16(&b, 23);
    put_zeros(&b, 19);
    assert_fault(&b, 52, "structure is shorter than its fixed part");
    begin(&b);
    put_drhd(&b, 0, 0xfed90000, 2);
    b.bytes[72 + 1] = 6; /* of the second scope: no path */
    assert_fault(&b, 74, "device scope has no whole path");
    b.bytes[72 + 1] = 7;
    assert_fault(&b, 74, "device scope has no whole path");
    b.bytes[72 + 1] = 0;
    assert_fault(&b, 72, "structure length 0 cannot be stepped over");
    b.bytes[72 + 1] = 1;
    assert_fault(&b, 72, "structure is shorter than its header");
    b.bytes[72 + 1] = 9;
    assert_fault(&b, 72, "structure is longer than the data left");
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_every_structure_and_scope),
        cmocka_unit_test(keeps_every_field_of_every_type),
        cmocka_unit_test(keeps_every_field_of_scopes_of_one_and_two_hops),
        cmocka_unit_test(names_and_proximity_are_not_scopes),
        cmocka_unit_test(parses_64_ki_scopes),
        cmocka_unit_test(takes_a_table_without_structures),
        cmocka_unit_test(refuses_record_length_that_cannot_advance),
        cmocka_unit_test(refuses_structures_shorter_than_their_fixed_part),
        cmocka_unit_test(refuses_scopes_without_a_whole_path),
        cmocka_unit_test(refuses_a_scope_that_runs_into_the_next_structure),
        cmocka_unit_test(refuses_a_structure_longer_than_the_table),
        cmocka_unit_test(tells_which_structure_or_scope_is_short),
        cmocka_unit_test(stands_torture),
    };
    return cmocka_run_group_tests(tests, test_arena_setup, test_arena_teardown);
}
