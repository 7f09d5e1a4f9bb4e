/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "parse/acpi/wsmt.h"
#include "support/cmocka.h"
#include "support/load.h"
#include "support/tables.h"
#include "support/torture.h"

TORTURE_PARSE(parse, struct wsmt, wsmt_parse)

static void reads_flags_of_revisions_0_and_1(void **state)
{
    (void)state;
    for (unsigned revision = 0; revision < 2; revision++) {
        struct build b;
        struct wsmt w;
        (void)table_wsmt(&b, 0x80000005);
        b.bytes[8] = (uint8_t)revision;
        assert_int_equal(wsmt_parse(acpi_end(&b), &w, NULL), ST_OK);
        assert_int_equal(w.revision, revision);
        assert_int_equal(w.flags, 0x80000005);
    }
}

static void refuses_a_body_one_byte_short_and_takes_a_longer_one(void **state)
{
    (void)state;
    struct build b;
    (void)table_wsmt(&b, 7);
    b.len = 39;
    assert_int_equal(parse(acpi_end(&b)), ST_MALFORMED);
    (void)table_wsmt(&b, 7);
    put_u8(&b, 1);
    assert_int_equal(parse(acpi_end(&b)), ST_OK);
}

static void stands_torture(void **state)
{
    (void)state;
    struct build b;
    struct span good = table_wsmt(&b, 7);
    torture_truncate_table(parse, good);
    torture_flip_table(parse, good);
    torture_mutate_table(parse, good);
}

static void check_truth(const struct truth *t)
{
    struct wsmt w;
    if (t->malformed) {
        assert_int_equal(parse(t->table), ST_MALFORMED);
        return;
    }
    assert_int_equal(wsmt_parse(t->table, &w, NULL), ST_OK);
    assert_int_equal(w.revision, truth_number(t, "rev", 99));
    assert_int_equal(w.flags, truth_number(t, "flags", 99));
}

static void agrees_with_iasl_on_the_corpus(void **state)
{
    (void)state;
    print_message("%u tables\n", each_truth("WSMT", check_truth));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_flags_of_revisions_0_and_1),
        cmocka_unit_test(refuses_a_body_one_byte_short_and_takes_a_longer_one),
        cmocka_unit_test(stands_torture),
        cmocka_unit_test(agrees_with_iasl_on_the_corpus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
