/* SPDX-License-Identifier: MIT */
/* Each IORT of the corpus against what iasl printed of it. */
#include <string.h>

#include "parse/acpi/iort.h"
#include "support/cmocka.h"
#include "support/load.h"
#include "support/torture.h"
#include "vbscheck/count.h"

TORTURE_PARSE_IN_ARENA(parse, struct iort, iort_parse)

static void check_counts(const struct truth *t, const struct iort *i)
{
    static const char *const keys[IORT_TYPES] = {"its",    "named", "rc", "smmuv12",
                                                 "smmuv3", "pmcg",  "rmr"};
    unsigned counted[IORT_TYPES + 1] = {0};
    for (size_t n = 0; n < i->n_nodes; n++)
        counted[i->nodes[n].type < IORT_TYPES ? i->nodes[n].type : IORT_TYPES]++;
    for (size_t k = 0; k < IORT_TYPES; k++) {
        assert_truth(t, keys[k], i->counts[k]);
        assert_truth(t, keys[k], counted[k]);
    }
    assert_int_equal(i->unknown, truth_number(t, "unknown_nodes", 99) + truth_number(t, "iwb", 99));
    assert_int_equal(i->unknown, counted[IORT_TYPES]);
}

static void check_nodes(const struct truth *t, const struct iort *i)
{
    size_t mappings = 0;
    for (size_t n = 0; n < i->n_nodes; n++) {
        mappings += i->nodes[n].n_mappings;
        for (size_t m = 0; m < i->nodes[n].n_mappings; m++)
            assert_true(i->nodes[n].mappings[m].target < i->n_nodes);
    }
    assert_truth(t, "node_count", i->n_nodes);
    assert_truth(t, "nodes_decoded", i->n_nodes);
    assert_true(i->n_nodes > 0);
    assert_truth(t, "node_offset", i->nodes[0].offset);
    assert_truth(t, "mapping_count_sum", i->mappings);
    assert_truth(t, "mapping_count_sum", mappings);
    assert_truth(t, "mappings_decoded", mappings);
}

static void check_truth(const struct truth *t)
{
    struct arena a;
    struct iort i;
    if (t->malformed) {
        assert_int_equal(parse(t->table), ST_MALFORMED);
        return;
    }
    test_arena(&a);
    assert_int_equal(iort_parse(t->table, &a, &i, NULL), ST_OK);
    assert_truth(t, "rev", i.revision);
    check_counts(t, &i);
    check_nodes(t, &i);
    arena_reset(&a);
}

static void agrees_with_iasl_on_the_corpus(void **state)
{
    (void)state;
    print_message("%u tables\n", each_truth("IORT", check_truth));
}

/* Made up, and its mappings lead to no node. */
static bool leads_astray(const struct truth *t)
{
    return strcmp(t->path, "acpi/IORT/fwts-test-iort-0001-acpidump-0001.log-c6e3426b.aml") == 0;
}

/* Malformed ones have wrong checksums only, but for a few: with the sum repaired they must parse.
 */
static void check_repaired(const struct truth *t)
{
    struct arena a;
    struct iort i;
    struct fault fault = {0};
    struct heap h = heap_copy(t->table);
    acpi_repair(h.bytes, h.span.len);
    test_arena(&a);
    enum status st = iort_parse(h.span, &a, &i, &fault);
    if (leads_astray(t)) {
        assert_int_equal(st, ST_MALFORMED);
        assert_string_equal(fault.what, "ID mapping points to a place without a node");
    } else if (truth_number(t, "nodes_decoded", 99) == truth_number(t, "node_count", 98)) {
        assert_int_equal(st, ST_OK);
        assert_int_equal(i.mappings, truth_number(t, "mapping_count_sum", 99));
    } else {
        assert_int_equal(st, ST_MALFORMED);
    }
    arena_reset(&a);
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
        cmocka_unit_test(agrees_with_iasl_on_the_corpus),
        cmocka_unit_test(a_bad_sum_is_all_that_is_wrong_with_most_malformed_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
