/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "parse/acpi/fadt.h"
#include "support/cmocka.h"
#include "support/load.h"
#include "support/tables.h"
#include "support/torture.h"
#include "vbscheck/count.h"

TORTURE_PARSE(parse, struct fadt, fadt_parse)

static void reads_the_hypervisor_of_revision_6_and_later(void **state)
{
    (void)state;
    for (unsigned revision = 6; revision < 8; revision++) {
        struct build b;
        struct fadt f;
        assert_int_equal(fadt_parse(table_facp(&b, revision, 276, "MsHyperV"), &f, NULL), ST_OK);
        assert_string_equal(f.oem_id, "VBSCHK");
        assert_string_equal(f.hypervisor_id, "MsHyperV");
    }
}

static void older_and_shorter_tables_name_no_hypervisor(void **state)
{
    (void)state;
    static const size_t lengths[] = {116, 132, 244, 268, 275};
    for (size_t i = 0; i < COUNT(lengths); i++) {
        struct build b;
        struct fadt f;
        assert_int_equal(fadt_parse(table_facp(&b, 3, lengths[i], ""), &f, NULL), ST_OK);
        assert_string_equal(f.hypervisor_id, "");
    }
}

static void does_not_read_the_hypervisor_beyond_the_declared_length(void **state)
{
    (void)state;
    struct build b;
    struct fadt f;
    (void)table_facp(&b, 6, 268, "");
    put_bytes(&b, "QEMUQEMU", 8);
    assert_int_equal(fadt_parse(build_span(&b), &f, NULL), ST_OK);
    assert_string_equal(f.hypervisor_id, "");
}

static void stands_torture(void **state)
{
    (void)state;
    struct build b;
    struct span good = table_facp(&b, 6, 276, "KVMKVMKV");
    torture_truncate_table(parse, good);
    torture_flip_table(parse, good);
    torture_mutate_table(parse, good);
}

static void check_truth(const struct truth *t)
{
    struct fadt f;
    struct span oem = {0};
    if (t->malformed) {
        assert_int_equal(parse(t->table), ST_MALFORMED);
        return;
    }
    assert_int_equal(fadt_parse(t->table, &f, NULL), ST_OK);
    /* iasl's text ends where a NUL or an odd byte is. */
    assert_true(span_find(span_of(t->facts), ";oem=", &oem));
    for (size_t i = 0; i < oem.len && oem.ptr[i] != ';' && oem.ptr[i] != '\\'; i++)
        assert_int_equal(oem.ptr[i], f.oem_id[i]);
}

static void agrees_with_iasl_on_the_corpus(void **state)
{
    (void)state;
    print_message("%u tables\n", each_truth("FACP", check_truth));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_hypervisor_of_revision_6_and_later),
        cmocka_unit_test(older_and_shorter_tables_name_no_hypervisor),
        cmocka_unit_test(does_not_read_the_hypervisor_beyond_the_declared_length),
        cmocka_unit_test(stands_torture),
        cmocka_unit_test(agrees_with_iasl_on_the_corpus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
