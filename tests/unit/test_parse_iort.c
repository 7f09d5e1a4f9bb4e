/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "parse/iort.h"
#include "support/cmocka.h"
#include "support/load.h"
#include "support/tables.h"
#include "support/torture.h"
#include "vbscheck/count.h"

TORTURE_PARSE(parse, struct iort, iort_parse)

static void begin(struct build *b, uint32_t nodes, uint32_t offset)
{
    acpi_begin(b, "IORT", 0);
    put_le32(b, nodes);
    put_le32(b, offset);
    put_le32(b, 0);
}

static void counts_nodes_and_mappings_of_revisions_0_to_6(void **state)
{
    (void)state;
    for (unsigned revision = 0; revision <= 6; revision++) {
        struct build b;
        struct iort i;
        struct span s = table_iort(&b, revision, revision % 2 == 0 ? 48 : 52);
        assert_int_equal(iort_parse(s, &i, NULL), ST_OK);
        assert_int_equal(i.revision, revision);
        assert_int_equal(i.nodes, 4);
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
        struct iort out;
        struct fault fault;
        begin(&b, counts[i], 48);
        put_node(&b, 9, 16, 0, 0);
        assert_int_equal(iort_parse(acpi_end(&b), &out, &fault), ST_MALFORMED);
        assert_string_equal(fault.what, "fewer nodes than the header declares");
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
        put_zeros(&b, 40);
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

static void stands_torture(void **state)
{
    (void)state;
    struct build b;
    struct span good = table_iort(&b, 0, 52);
    torture_truncate_table(parse, good);
    torture_flip_table(parse, good);
    torture_mutate_table(parse, good);
}

static void check_truth(const struct truth *t)
{
    static const char *const keys[IORT_TYPES] = {"its",    "named", "rc", "smmuv12",
                                                 "smmuv3", "pmcg",  "rmr"};
    struct iort i;
    if (t->malformed) {
        assert_int_equal(parse(t->table), ST_MALFORMED);
        return;
    }
    assert_int_equal(iort_parse(t->table, &i, NULL), ST_OK);
    assert_int_equal(i.revision, truth_number(t, "rev", 99));
    assert_int_equal(i.nodes, truth_number(t, "node_count", 99));
    for (size_t k = 0; k < IORT_TYPES; k++)
        assert_int_equal(i.counts[k], truth_number(t, keys[k], 99));
    assert_int_equal(i.unknown, truth_number(t, "unknown_nodes", 99) + truth_number(t, "iwb", 99));
    assert_int_equal(i.mappings, truth_number(t, "mapping_count_sum", 99));
}

static void agrees_with_iasl_on_the_corpus(void **state)
{
    (void)state;
    print_message("%u tables\n", each_truth("IORT", check_truth));
}

/* Malformed ones have wrong checksums only, but for two: with the sum repaired they must parse. */
static void check_repaired(const struct truth *t)
{
    struct heap h = heap_copy(t->table);
    acpi_repair(h.bytes, h.span.len);
    struct iort i;
    enum status st = iort_parse(h.span, &i, NULL);
    if (truth_number(t, "nodes_decoded", 99) == truth_number(t, "node_count", 98)) {
        assert_int_equal(st, ST_OK);
        assert_int_equal(i.mappings, truth_number(t, "mapping_count_sum", 99));
    } else {
        assert_int_equal(st, ST_MALFORMED);
    }
    heap_free(&h);
}

static void a_bad_sum_is_all_that_is_wrong_with_most_malformed_ones(void **state)
{
    (void)state;
    (void)each_truth("IORT", check_repaired);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_nodes_and_mappings_of_revisions_0_to_6),
        cmocka_unit_test(refuses_a_node_offset_outside_or_in_the_header),
        cmocka_unit_test(refuses_more_nodes_than_there_are),
        cmocka_unit_test(mappings_must_lie_inside_their_node),
        cmocka_unit_test(refuses_nodes_shorter_than_their_fixed_part),
        cmocka_unit_test(stands_torture),
        cmocka_unit_test(agrees_with_iasl_on_the_corpus),
        cmocka_unit_test(a_bad_sum_is_all_that_is_wrong_with_most_malformed_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
