/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "parse/acpi/tpm2.h"
#include "support/cmocka.h"
#include "support/load.h"
#include "support/tables.h"
#include "support/torture.h"
#include "vbscheck/count.h"

TORTURE_PARSE(parse, struct tpm2, tpm2_parse)

static void reads_every_length_and_revision_seen(void **state)
{
    (void)state;
    static const struct {
        unsigned revision;
        size_t length;
    } seen[] = {{3, 52}, {3, 76}, {3, 84}, {4, 52}, {4, 56}, {4, 76}, {5, 68}, {5, 80}};
    for (size_t i = 0; i < COUNT(seen); i++) {
        struct build b;
        struct tpm2 m;
        struct span s = table_tpm2(&b, seen[i].revision, seen[i].length);
        assert_int_equal(tpm2_parse(s, &m, NULL), ST_OK);
        assert_int_equal(m.revision, seen[i].revision);
        assert_int_equal(m.start_method, 7);
    }
}

static void refuses_a_table_that_ends_inside_the_start_method(void **state)
{
    (void)state;
    for (size_t length = 36; length < 52; length++) {
        struct build b;
        (void)table_tpm2(&b, 4, 52);
        b.len = length;
        assert_int_equal(parse(acpi_end(&b)), ST_MALFORMED);
    }
}

static void stands_torture(void **state)
{
    (void)state;
    struct build b;
    struct span good = table_tpm2(&b, 4, 76);
    torture_truncate_table(parse, good);
    torture_flip_table(parse, good);
    torture_mutate_table(parse, good);
}

static void check_truth(const struct truth *t)
{
    struct tpm2 m;
    if (t->malformed) {
        assert_int_equal(parse(t->table), ST_MALFORMED);
        return;
    }
    assert_int_equal(tpm2_parse(t->table, &m, NULL), ST_OK);
    assert_int_equal(m.revision, truth_number(t, "rev", 99));
    assert_int_equal(m.start_method, truth_number(t, "start_method", 99));
}

static void agrees_with_iasl_on_the_corpus(void **state)
{
    (void)state;
    print_message("%u tables\n", each_truth("TPM2", check_truth));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_length_and_revision_seen),
        cmocka_unit_test(refuses_a_table_that_ends_inside_the_start_method),
        cmocka_unit_test(stands_torture),
        cmocka_unit_test(agrees_with_iasl_on_the_corpus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
