/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "parse/acpi/iort.h"
#include "support/cmocka.h"
#include "support/tables.h"
#include "support/torture.h"
#include "vbscheck/count.h"

TORTURE_PARSE_IN_ARENA(parse, struct iort, iort_parse)

static void begin(struct build *b, uint32_t nodes, uint32_t offset)
{
    acpi_begin(b, "IORT", 0);
    put_le32(b, nodes);
    put_le32(b, offset);
    put_le32(b, 0);
}

static void assert_fault(struct build *b, size_t offset, const char *what)
{
    struct iort i;
    struct fault fault = {0};
    assert_int_equal(parse_in_arena(acpi_end(b), &i, &fault), ST_MALFORMED);
    assert_string_equal(fault.what, what);
    assert_int_equal(fault.offset, offset);
}

static void counts_nodes_and_mappings_of_revisions_0_to_6(void **state)
{
    for (unsigned revision = 0; revision <= 6; revision++) {
        struct build b;
        struct iort i;
        struct span s = table_iort(&b, revision, revision % 2 == 0 ? 48 : 52);
        assert_int_equal(iort_parse(s, *state, &i, NULL), ST_OK);
        assert_int_equal(i.revision, revision);
        assert_int_equal(i.n_nodes, 4);
        assert_int_equal(i.counts[IORT_ITS], 1);
        assert_int_equal(i.counts[IORT_ROOT_COMPLEX], 1);
        assert_int_equal(i.counts[IORT_SMMU_V3], 1);
        assert_int_equal(i.counts[IORT_SMMU_V2], 0);
        assert_int_equal(i.unknown, 1);
        assert_int_equal(i.mappings, 2);
    }
}

static void refuses_a_node_offset_outside_or_in_the_header(void **state)
{
    (void)state;
    static const uint32_t offsets[] = {0, 1, 36, 47, 49, 0x7fffffff, 0xffffffff};
    struct build b;
    for (size_t i = 0; i < COUNT(offsets); i++) {
        begin(&b, 0, offsets[i]);
        assert_int_equal(parse(acpi_end(&b)), ST_MALFORMED);
    }
    begin(&b, 0, 48);
    assert_int_equal(parse(acpi_end(&b)), ST_OK);
}

static void refuses_more_nodes_than_there_are(void **state)
{
    (void)state;
    static const uint32_t counts[] = {2, 0x10000, 0xffffffff};
    for (size_t i = 0; i < 3; i++) {
        struct build b;
        begin(&b, counts[i], 48);
        put_node(&b, 9, 16, 0, 0);
        assert_fault(&b, 64, "fewer nodes than the header declares");
    }
}

static void mappings_must_lie_inside_their_node(void **state)
{
    (void)state;
    static const struct {
        uint32_t mappings, offset;
        enum status st;
    } cases[] = {
        {0, 0xffffffff, ST_OK}, /* an offset to nothing is not looked at */
        {1, 16, ST_OK},
        {2, 16, ST_OK},
        {1, 36, ST_OK},
        {1, 37, ST_MALFORMED},
        {1, 15, ST_MALFORMED},
        {3, 16, ST_MALFORMED},
        {1, 57, ST_MALFORMED},
        {0x0ccccccd, 16, ST_MALFORMED}, /* times 20 wraps to 4 in 32 bits */
        {0xffffffff, 16, ST_MALFORMED},
        {1, 0xffffffff, ST_MALFORMED},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct build b;
        begin(&b, 1, 48);
        put_node(&b, 9, 56, cases[i].mappings, cases[i].offset);
        for (unsigned n = 0; n < 10; n++)
            put_le32(&b, 48); /* wherever a mapping starts, it leads to this node */
        assert_int_equal(parse(acpi_end(&b)), cases[i].st);
    }
}

static void refuses_nodes_shorter_than_their_fixed_part(void **state)
{
    (void)state;
    static const unsigned fixed[] = {20, 29, 32, 60, 60, 32, 28, 16};
    for (unsigned type = 0; type < 8; type++) {
        for (unsigned len = 0; len <= fixed[type]; len++) {
            struct build b;
            begin(&b, 1, 48);
            put_node(&b, type, len, 0, 0);
            put_zeros(&b, len < 16 ? 0 : len - 16);
            assert_int_equal(parse(acpi_end(&b)), len < fixed[type] ? ST_MALFORMED : ST_OK);
        }
    }
}

/* A node at 48 with this as its second mapping, at 84; a node at 104; the table ends at 120. */
static void put_second_mapping(struct build *b, uint32_t first, uint32_t more, uint32_t output,
                               uint32_t target)
{
    begin(b, 2, 48);
    put_node(b, 9, 16 + 2 * 20, 2, 16);
    put_mapping(b, 0, 0, 0, 48);
    put_mapping(b, first, more, output, target);
    put_node(b, 9, 16, 0, 0);
}

static void refuses_ids_over_32_bits(void **state)
{
    static const struct {
        uint32_t first, more, output;
        bool sound;
    } cases[] = {
        {0, 0xffffffff, 0, true},           {0xffffffff, 0, 0xffffffff, true},
        {0xffff0000, 0xffff, 0, true},      {0, 0xffff, 0xffff0000, true},
        {0xffff0000, 0x10000, 0, false},    {0, 0x10000, 0xffff0000, false},
        {1, 0xffffffff, 0, false},          {0, 0xffffffff, 1, false},
        {0xffffffff, 0xffffffff, 0, false}, {0, 0xffffffff, 0xffffffff, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct build b;
        struct iort out;
        put_second_mapping(&b, cases[i].first, cases[i].more, cases[i].output, 48);
        if (cases[i].sound)
            assert_int_equal(iort_parse(acpi_end(&b), *state, &out, NULL), ST_OK);
        else
            assert_fault(&b, 84 + 20, "ID mapping runs over 32 bits");
    }
}

static void a_single_mapping_has_no_range_to_run_over(void **state)
{
    struct build b;
    struct iort out;
    put_second_mapping(&b, 0xffffffff, 1, 0xffffffff, 48);
    assert_fault(&b, 84 + 20, "ID mapping runs over 32 bits");
    b.bytes[84 + 16] = IORT_SINGLE_MAPPING;
    assert_int_equal(iort_parse(acpi_end(&b), *state, &out, NULL), ST_OK);
    assert_int_equal(out.nodes[0].mappings[1].last, 0xffffffff);
    assert_int_equal(out.nodes[0].mappings[1].output, 0xffffffff);
}

static void a_mapping_leads_to_the_start_of_a_node_or_nowhere(void **state)
{
    static const uint32_t bad[] = {1,  36,  44,  47,  49,  50,         64,        84,
                                   96, 103, 105, 119, 120, 0x7fffffff, 0xffffffff};
    struct build b;
    struct iort out;
    for (size_t i = 0; i < COUNT(bad); i++) {
        put_second_mapping(&b, 0, 0, 0, bad[i]);
        assert_fault(&b, 84 + 12, "ID mapping points to a place without a node");
    }
    put_second_mapping(&b, 0, 0, 0, 0);
    assert_int_equal(iort_parse(acpi_end(&b), *state, &out, NULL), ST_OK);
    assert_true(out.nodes[0].mappings[1].target == IORT_NOWHERE);
    for (uint32_t node = 0; node < 2; node++) {
        put_second_mapping(&b, 0, 0, 0, node == 0 ? 48 : 104);
        assert_int_equal(iort_parse(acpi_end(&b), *state, &out, NULL), ST_OK);
        assert_int_equal(out.nodes[0].mappings[1].target, node);
    }
}

static void what_looks_like_a_node_before_or_behind_them_is_none(void **state)
{
    (void)state;
    for (uint32_t nodes = 0; nodes < 2; nodes++) {
        struct build b;
        begin(&b, 1, 64);
        put_node(&b, 9, 16, 0, 0); /* padding */
        put_node(&b, 9, 36, 1, 16);
        put_mapping(&b, 0, 0, 0, nodes == 0 ? 48 : 100);
        put_node(&b, 9, 16, 0, 0); /* not counted */
        assert_fault(&b, 80 + 12, "ID mapping points to a place without a node");
    }
}

static void memory_ranges_must_lie_inside_their_node(void **state)
{
    enum { LEN = 28 + 2 * 20 };
    static const char *const long_ones = "memory ranges do not fit into their node";
    static const struct {
        uint32_t count, at;
        size_t offset; /* of the fault; 0 for none */
    } cases[] = {
        {0, 28, 0},
        {0, 0xffffffff, 0}, /* an offset to nothing is not looked at */
        {1, 28, 0},
        {2, 28, 0},
        {1, 48, 0},
        {1, 49, 48 + 49},
        {3, 28, 48 + 28},
        {1, LEN, 48 + LEN},
        {0x0ccccccd, 28, 48 + 28}, /* times 20 wraps to 4 in 32 bits */
        {0xffffffff, 28, 48 + 28},
        {1, LEN + 1, 48 + 28},
        {1, 0xffffffff, 48 + 28},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct build b;
        struct iort out;
        begin(&b, 1, 48);
        put_rmr(&b, LEN, cases[i].count, cases[i].at);
        if (cases[i].offset != 0) {
            assert_fault(&b, cases[i].offset,
                         cases[i].at > LEN ? "offset points outside" : long_ones);
            continue;
        }
        assert_int_equal(iort_parse(acpi_end(&b), *state, &out, NULL), ST_OK);
        assert_int_equal(out.memory_ranges, cases[i].count);
    }
}

static void tells_which_mappings_do_not_fit(void **state)
{
    (void)state;
    static const struct {
        uint32_t count, at;
        size_t offset;
        const char *what;
    } cases[] = {
        {1, 15, 64, "ID mappings start inside the node's header"},
        {1, 0, 64, "ID mappings start inside the node's header"},
        {2, 16, 64, "ID mappings do not fit into their node"},
        {1, 17, 65, "ID mappings do not fit into their node"},
        {1, 37, 64, "offset points outside"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct build b;
        begin(&b, 1, 48);
        put_node(&b, 9, 36, cases[i].count, cases[i].at);
        put_mapping(&b, 0, 0, 0, 48);
        assert_fault(&b, cases[i].offset, cases[i].what);
    }
}

static void tells_which_node_cannot_be_stepped_over(void **state)
{
    (void)state;
    static const struct {
        unsigned type, len;
        size_t offset;
        const char *what;
    } cases[] = {
        {9, 0, 64, "structure length 0 cannot be stepped over"},
        {2, 0, 64, "structure length 0 cannot be stepped over"},
        {9, 2, 64, "structure is shorter than its header"},
        {9, 3, 67, "node is shorter than its fixed part"},
        {9, 15, 67, "node is shorter than its fixed part"},
        {4, 59, 67, "node is shorter than its fixed part"},
        {4, 77, 64, "structure is longer than the data left"},
        {9, 0xffff, 64, "structure is longer than the data left"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct build b;
        begin(&b, 2, 48);
        put_node(&b, 9, 16, 0, 0);
        put_node(&b, cases[i].type, cases[i].len, 0, 0);
        put_zeros(&b, 60);
        assert_fault(&b, cases[i].offset, cases[i].what);
    }
}

static void stands_torture(void **state)
{
    (void)state;
    struct build b;
    struct span good = table_iort(&b, 0, 52);
    torture_truncate_table(parse, good);
    torture_flip_table(parse, good);
    torture_mutate_table(parse, good);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_nodes_and_mappings_of_revisions_0_to_6),
        cmocka_unit_test(refuses_a_node_offset_outside_or_in_the_header),
        cmocka_unit_test(refuses_more_nodes_than_there_are),
        cmocka_unit_test(mappings_must_lie_inside_their_node),
        cmocka_unit_test(refuses_nodes_shorter_than_their_fixed_part),
        cmocka_unit_test(refuses_ids_over_32_bits),
        cmocka_unit_test(a_single_mapping_has_no_range_to_run_over),
        cmocka_unit_test(a_mapping_leads_to_the_start_of_a_node_or_nowhere),
        cmocka_unit_test(what_looks_like_a_node_before_or_behind_them_is_none),
        cmocka_unit_test(memory_ranges_must_lie_inside_their_node),
        cmocka_unit_test(tells_which_mappings_do_not_fit),
        cmocka_unit_test(tells_which_node_cannot_be_stepped_over),
        cmocka_unit_test(stands_torture),
    };
    return cmocka_run_group_tests(tests, test_arena_setup, test_arena_teardown);
}
