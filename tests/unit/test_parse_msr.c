/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "parse/msr.h"
#include "support/cmocka.h"
#include "support/torture.h"
#include "vbscheck/count.h"

TORTURE_PARSE(parse, struct msrs, msr_parse)

static void combines_all_cpus(void **state)
{
    (void)state;
    struct msrs m;
    const char *text = "0 0x3a 0x5\n\n1 0x3a 0x1\n0 0x48b 0x553cfe00000000\n0 0x123 0x1\n";
    assert_int_equal(msr_parse(span_of(text), &m, NULL), ST_OK);
    const struct msr_values *v = &m.reg[MSR_FEATURE_CONTROL];
    assert_int_equal(v->st, ST_OK);
    assert_int_equal(v->known, 2);
    assert_int_equal(v->any, 5);
    assert_int_equal(v->all, 1);
    assert_int_equal(v->first, 5);
    assert_int_equal(v->offset, 0);
    assert_int_equal(m.reg[MSR_VMX_PROCBASED2].first, 0x553cfe00000000);
    assert_int_equal(m.reg[MSR_VMX_PROCBASED2].offset, 23);
    assert_int_equal(m.reg[MSR_VM_CR].st, ST_NOT_COLLECTED);
    assert_int_equal(m.reg[MSR_VM_CR].known, 0);
}

static void the_first_reason_why_not_counts(void **state)
{
    (void)state;
    struct msrs m;
    const char *text = "0 0xc0010114 absent\n1 0xc0010114 0x8\n2 0xc0010114 no-permission\n"
                       "0 0x3a 0x5\n1 0x3a lockdown\n";
    assert_int_equal(msr_parse(span_of(text), &m, NULL), ST_OK);
    assert_int_equal(m.reg[MSR_VM_CR].st, ST_ABSENT);
    assert_int_equal(m.reg[MSR_VM_CR].known, 1);
    assert_int_equal(m.reg[MSR_VM_CR].first, 8);
    assert_int_equal(m.reg[MSR_FEATURE_CONTROL].st, ST_LOCKDOWN);
    assert_int_equal(m.reg[MSR_FEATURE_CONTROL].all, 5);
}

static void refuses_lines_it_cannot_read(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "0",
        "0 0x3a",
        "x 0x3a 0x5",
        "0 3a 0x5",
        "0 0x3a 5",
        "0 0x3a 0x",
        "0 0x3a 0x5 0x6",
        "0 0x3a ok",
        "0 0x3a maybe",
        "0x0 0x3a 0x5",
        "0 0x3a 0x12345678123456789",
        "0 0x3a 0xg",
        "-1 0x3a 0x5",
        "0 0x3a absent 0x5",
    };
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_int_equal(parse(span_of(bad[i])), ST_MALFORMED);
    assert_int_equal(parse(span_of("")), ST_OK);
    assert_int_equal(parse(span_of("0 0x3a 0xffffffffffffffff")), ST_OK);
}

static void stands_torture(void **state)
{
    (void)state;
    torture_text(parse, span_of("0 0x3a 0x5\n0 0x48b 0x553cfe00000000\n1 0xc0010114 absent\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(combines_all_cpus),
        cmocka_unit_test(the_first_reason_why_not_counts),
        cmocka_unit_test(refuses_lines_it_cannot_read),
        cmocka_unit_test(stands_torture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
