/* SPDX-License-Identifier: MIT */
#include "parse/sysfs_iommu.h"

#include <string.h>

#include "support/cmocka.h"
#include "support/torture.h"

#define TEXT                                                                                       \
    "unit dmar0 address fed90000\nunit dmar0 cap 1c0000c40660462\nunit dmar0 ecap 49e2ff0505e\n"   \
    "unit dmar0 version 5:0\nunit ivhd0 cap 40b0f\nunit ivhd0 features 29d3:1f\n"                  \
    "unit smmu3.0x0000000009050000\ngroups 14\ntype DMA-FQ 12\ntype identity 2\n"

static void reads_every_kind_of_line(void **state)
{
    (void)state;
    struct arena a;
    struct sysfs_iommu s;
    test_arena(&a);
    sysfs_iommu_parse(span_of(TEXT), &a, &s);
    assert_int_equal(s.n, 3);
    assert_true(span_is(s.units[0].name, "dmar0"));
    assert_true(s.units[0].has_base && s.units[0].has_cap && s.units[0].has_ecap);
    assert_false(s.units[0].has_features);
    assert_int_equal(s.units[0].base, 0xfed90000);
    assert_int_equal(s.units[0].cap, 0x1c0000c40660462);
    assert_int_equal(s.units[0].ecap, 0x49e2ff0505e);
    assert_true(s.units[1].has_features);
    assert_int_equal(s.units[1].features[0], 0x29d3);
    assert_int_equal(s.units[1].features[1], 0x1f);
    assert_true(span_is(s.units[2].name, "smmu3.0x0000000009050000"));
    assert_false(s.units[2].has_base);
    assert_true(s.has_groups && s.has_identity);
    assert_int_equal(s.groups, 14);
    assert_int_equal(s.identity, 2);
    arena_reset(&a);
}

static void values_that_are_no_numbers_are_not_there(void **state)
{
    (void)state;
    struct arena a;
    struct sysfs_iommu s;
    test_arena(&a);
    sysfs_iommu_parse(span_of("unit dmar0 address xyz\nunit dmar0 cap\n"
                              "unit dmar0 ecap 11111111111111111\nunit dmar0 features :1\n"
                              "unit\n\ngroups many\ngroups 3\ntype identity 2 of 3\n"),
                      &a, &s);
    assert_int_equal(s.n, 1);
    assert_false(s.units[0].has_base || s.units[0].has_cap || s.units[0].has_ecap);
    assert_false(s.units[0].has_features || s.has_groups || s.has_identity);
    sysfs_iommu_parse((struct span){0}, &a, &s);
    assert_int_equal(s.n, 0);
    arena_reset(&a);
}

static void lines_of_a_unit_follow_one_another(void **state)
{
    (void)state;
    struct arena a;
    struct sysfs_iommu s;
    test_arena(&a);
    sysfs_iommu_parse(span_of("unit dmar0 cap 1\nunit dmar1 ecap 1\nunit dmar0 ecap 1\n"), &a, &s);
    assert_int_equal(s.n, 3);
    assert_false(s.units[2].has_cap);
    arena_reset(&a);
}

static enum status parse(struct span input)
{
    struct arena a;
    struct sysfs_iommu s;
    test_arena(&a);
    sysfs_iommu_parse(input, &a, &s);
    for (size_t i = 0; i < s.n; i++)
        assert_true(s.units[i].name.len > 0);
    arena_reset(&a);
    return ST_OK;
}

static void any_text_is_survived(void **state)
{
    (void)state;
    torture_text(parse, span_of(TEXT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_kind_of_line),
        cmocka_unit_test(values_that_are_no_numbers_are_not_there),
        cmocka_unit_test(lines_of_a_unit_follow_one_another),
        cmocka_unit_test(any_text_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
