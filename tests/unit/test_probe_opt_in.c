/* SPDX-License-Identifier: MIT */
/* Protection from DMA before boot: what tables claim, and what Thunderbolt's driver shows. */
#include "support/cmocka.h"

#include "support/iommu.h"
#include "vbscheck/count.h"

#define ON  "domain0 iommu_dma_protection 1\n"
#define OFF "domain0 iommu_dma_protection 0\n"

static struct span dmar_of(struct build *b, unsigned flags)
{
    dmar_begin(b, flags);
    dmar_unit(b, ALL, 0, 0xfed90000, "");
    return acpi_end(b);
}

static struct span ivrs_of(struct build *b, uint32_t ivinfo)
{
    ivrs_begin(b, ivinfo);
    ivhd_close(b, ivhd_open(b, (struct ivhd_head){.type = 0x11, .device = 2, .base = 0xfeb80000}));
    return acpi_end(b);
}

static void the_bit_of_the_table_is_the_claim(void **state)
{
    (void)state;
    static struct build b;
    for (unsigned bit = 0; bit < 8; bit++) {
        struct scene s;
        iommu_scene(&s, "acpi/DMAR", dmar_of(&b, 1u << bit), NULL);
        assert_verdict(&s, "iommu.dma-opt-in", bit == 2 ? V_PASS : V_FAIL);
        assert_int_equal(scene_fact(&s, "iommu.dma-opt-in")->from.offset, 37);
        scene_end(&s);

        iommu_scene(&s, "acpi/IVRS", ivrs_of(&b, 1u << bit), NULL);
        assert_verdict(&s, "iommu.dma-opt-in", bit == 1 ? V_PASS : V_FAIL);
        assert_int_equal(scene_fact(&s, "iommu.dma-opt-in")->from.offset, 36);
        scene_end(&s);
    }
}

static void thunderbolt_confirms_and_its_silence_says_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *thunderbolt;
        int flags; /* -1: the table may not be read */
        enum verdict verdict;
        enum status reason;
    } rows[] = {
        {ON, 4, V_PASS, ST_OK},
        {ON, 0, V_UNKNOWN, ST_CONFLICT},
        {ON, -1, V_PASS, ST_OK},
        {OFF, 4, V_PASS, ST_OK},
        {OFF, 0, V_FAIL, ST_OK},
        {OFF, -1, V_UNKNOWN, ST_NO_PERMISSION},
        {NULL, -1, V_UNKNOWN, ST_NO_PERMISSION},
        {OFF "domain1 iommu_dma_protection 1\n", -1, V_PASS, ST_OK},
        {ON "domain1 iommu_dma_protection 0\n", -1, V_PASS, ST_OK},
        {"domain0 security user\n", -1, V_UNKNOWN, ST_NO_PERMISSION},
        {"domain0 iommu_dma_protection 10\n", -1, V_UNKNOWN, ST_NO_PERMISSION},
        {"domain0 iommu_dma_protection\n", -1, V_UNKNOWN, ST_NO_PERMISSION},
    };
    static struct build b;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        scene_begin(&s);
        scene_complete_acpi(&s);
        if (rows[i].flags < 0)
            scene_missing(&s, "acpi/DMAR", ST_NO_PERMISSION);
        else
            scene_bytes(&s, "acpi/DMAR", dmar_of(&b, (unsigned)rows[i].flags));
        if (rows[i].thunderbolt != NULL)
            scene_text(&s, "sys/thunderbolt", rows[i].thunderbolt);
        scene_judge(&s);
        const struct outcome *o = scene_rule(&s, "iommu.dma-opt-in");
        if (o->verdict != rows[i].verdict || o->reason != rows[i].reason)
            fail_msg("row %zu: %s (%s)", i, verdict_name(o->verdict), status_name(o->reason));
        scene_end(&s);
    }
}

static void thunderbolt_itself_is_a_fact(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    scene_text(&s, "sys/thunderbolt", OFF);
    scene_judge(&s);
    assert_int_equal(scene_fact(&s, "thunderbolt.dma-protection")->st, ST_OK);
    assert_false(scene_fact(&s, "thunderbolt.dma-protection")->v.b);
    scene_end(&s);

    scene_begin(&s);
    scene_text(&s, "sys/thunderbolt", "");
    scene_judge(&s);
    assert_int_equal(scene_fact(&s, "thunderbolt.dma-protection")->st, ST_ABSENT);
    scene_end(&s);

    scene_begin(&s);
    scene_missing(&s, "sys/thunderbolt", ST_NO_DRIVER);
    scene_judge(&s);
    assert_int_equal(scene_fact(&s, "thunderbolt.dma-protection")->st, ST_NO_DRIVER);
    scene_end(&s);
}

static void a_table_without_units_claims_nothing(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    dmar_begin(&b, 4);
    iommu_scene(&s, "acpi/DMAR", acpi_end(&b), NULL);
    assert_int_equal(scene_fact(&s, "iommu.dma-opt-in")->st, ST_ABSENT);
    scene_end(&s);
}

/* An ordinary user of an Arm machine, who sees that there is an IORT and may not read it. */
static void no_table_of_arm_claims_anything_readable_or_not(void **state)
{
    (void)state;
    static const enum status why[] = {ST_NO_PERMISSION, ST_MALFORMED};
    for (size_t i = 0; i < COUNT(why); i++) {
        struct scene s;
        scene_begin(&s);
        scene_complete_acpi(&s);
        scene_missing(&s, "acpi/IORT", why[i]);
        scene_judge(&s);
        assert_verdict(&s, "iommu.dma-opt-in", V_NOT_APPLICABLE);
        scene_end(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bit_of_the_table_is_the_claim),
        cmocka_unit_test(thunderbolt_confirms_and_its_silence_says_nothing),
        cmocka_unit_test(thunderbolt_itself_is_a_fact),
        cmocka_unit_test(a_table_without_units_claims_nothing),
        cmocka_unit_test(no_table_of_arm_claims_anything_readable_or_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
