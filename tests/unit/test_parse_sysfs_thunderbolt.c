/* SPDX-License-Identifier: MIT */
#include "parse/sysfs_thunderbolt.h"

#include <string.h>

#include "support/cmocka.h"
#include "support/torture.h"
#include "vbscheck/count.h"

static void one_domain_that_protects_is_enough(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool told, protects;
    } rows[] = {
        {"", false, false},
        {"domain0 controller 0000:00:0d.2\n", false, false},
        {"domain0\n", false, false},
        {"domain0 iommu_dma_protection\n", true, false},
        {"domain0 iommu_dma_protection 0\n", true, false},
        {"domain0 iommu_dma_protection 1\n", true, true},
        {"domain0 iommu_dma_protection 10\n", true, false},
        {"domain0 iommu_dma_protection 1\ndomain1 iommu_dma_protection 0\n", true, true},
        {"domain0 iommu_dma_protection 0\ndomain1 iommu_dma_protection 1", true, true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sysfs_thunderbolt t;
        sysfs_thunderbolt_parse(span_of(rows[i].text), &t);
        if (t.told != rows[i].told || t.protects != rows[i].protects)
            fail_msg("row %zu", i);
    }
}

static enum status parse(struct span input)
{
    struct sysfs_thunderbolt t;
    sysfs_thunderbolt_parse(input, &t);
    assert_true(t.told || !t.protects);
    return ST_OK;
}

static void any_text_is_survived(void **state)
{
    (void)state;
    torture_text(parse, span_of("domain0 iommu_dma_protection 1\ndomain0 controller 0000:00:0d.2\n"
                                "domain1 iommu_dma_protection 0\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_domain_that_protects_is_enough),
        cmocka_unit_test(any_text_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
