/* SPDX-License-Identifier: MIT */
/*
 * What a list of functions does not decide and other evidence does: tables that take every segment,
 * units at which nothing answers, devices that the IORT names, classes that tell nothing.
 */
#include "support/cmocka.h"

#include "support/iommu.h"
#include "vbscheck/count.h"

#define DEAD(at)                                                                                   \
    "[ 0.0] DMAR: [Firmware Bug]: Your BIOS is broken; DMAR reported at address " at               \
    " returns all ones!\n"
#define NVME FN("0000:01:00.0", "010802", "")
#define VGA  FN("0000:00:02.0", "030000", "")

/* Every segment ------------------------------------------------------------------------------ */

static struct span mcfg(struct build *b, unsigned segments)
{
    acpi_begin(b, "MCFG", 1);
    put_le64(b, 0);
    for (unsigned i = 0; i < segments; i++)
        put_buses(b, 0xe0000000, i, 0, 0xff);
    return acpi_end(b);
}

struct whole_case {
    unsigned flags;    /* of the DRHD of segment 0 */
    unsigned segments; /* of the MCFG; 0: none */
    const char *pci, *log;
    enum verdict verdict;
    enum status reason;
};

static void judge_whole(struct scene *s, const struct whole_case *c)
{
    static struct build b;
    scene_begin(s);
    scene_complete_acpi(s);
    dmar_begin(&b, 1);
    dmar_unit(&b, c->flags, 0, 0xfed90000, c->flags == ALL ? "" : "e00:02.0");
    scene_bytes(s, "acpi/DMAR", acpi_end(&b));
    if (c->segments > 0)
        scene_bytes(s, "acpi/MCFG", mcfg(&b, c->segments));
    if (c->log != NULL)
        scene_text(s, "efi/kernel-log", c->log);
    if (c->pci != NULL)
        scene_text(s, "pci", c->pci);
    scene_judge(s);
}

static void a_unit_that_takes_all_of_the_only_segment_decides(void **state)
{
    (void)state;
    static const struct whole_case rows[] = {
        {ALL, 1, NULL, NULL, V_PASS, ST_OK},
        {ALL, 0, NULL, NULL, V_UNKNOWN, ST_NOT_COLLECTED},    /* no MCFG decides nothing */
        {ALL, 2, NULL, NULL, V_UNKNOWN, ST_NOT_COLLECTED},    /* who takes the other? */
        {LISTED, 1, NULL, NULL, V_UNKNOWN, ST_NOT_COLLECTED}, /* what it lists is not all */
        {ALL, 1, NVME, NULL, V_PASS, ST_OK},
        {ALL, 2, NVME, NULL, V_PASS, ST_OK}, /* the list decides */
        {LISTED, 1, NVME, NULL, V_FAIL, ST_OK},
        /* A unit that is known not to translate, or not to be there, covers nothing. */
        {ALL, 1, NULL,
         "[ 0.0] DMAR: dmar0: reg_base_addr fed90000 ver 1:0 cap 1c0000c40660062 "
         "ecap f050da\n",
         V_UNKNOWN, ST_NOT_COLLECTED},
        {ALL, 1, NULL, DEAD("fed90000"), V_UNKNOWN, ST_NOT_COLLECTED},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        judge_whole(&s, &rows[i]);
        const struct outcome *o = scene_rule(&s, "iommu.coverage");
        if (o->verdict != rows[i].verdict || o->reason != rows[i].reason)
            fail_msg("row %zu: %s, %s", i, verdict_name(o->verdict), status_name(o->reason));
        scene_end(&s);
    }
}

static void the_amd_twin_selects_all_or_every_id(void **state)
{
    (void)state;
    static const struct {
        unsigned first_type; /* 1: all; 3: range */
        unsigned first, last;
        enum verdict verdict;
    } rows[] = {
        {1, 0, 0, V_PASS},
        {3, 0x0008, 0xffff, V_PASS},
        {3, 0x0010, 0xffff, V_UNKNOWN},
        {3, 0x0008, 0xfffe, V_UNKNOWN},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        static struct build b;
        struct scene s;
        scene_begin(&s);
        scene_complete_acpi(&s);
        ivrs_begin(&b, 0);
        size_t block = ivhd_open(&b, (struct ivhd_head){.type = 0x10, .base = 0xfd000000});
        put_entry(&b, rows[i].first_type, rows[i].first);
        if (rows[i].first_type == 3)
            put_entry(&b, 4, rows[i].last);
        ivhd_close(&b, block);
        scene_bytes(&s, "acpi/IVRS", acpi_end(&b));
        scene_bytes(&s, "acpi/MCFG", mcfg(&b, 1));
        scene_judge(&s);
        if (scene_verdict(&s, "iommu.coverage") != rows[i].verdict)
            fail_msg("row %zu: %s", i, verdict_name(scene_verdict(&s, "iommu.coverage")));
        scene_end(&s);
    }
}

/* Units that do not answer ------------------------------------------------------------------- */

static void judge_dead(struct scene *s, const char *at, const char *pci)
{
    static struct build b;
    scene_begin(s);
    scene_complete_acpi(s);
    dmar_begin(&b, 1);
    dmar_unit(&b, LISTED, 0, 0xfed90000, "e00:02.0");
    dmar_unit(&b, ALL, 0, 0xfed91000, "");
    scene_bytes(s, "acpi/DMAR", acpi_end(&b));
    scene_text(s, "efi/kernel-log",
               arena_printf(&s->arena,
                            "%s[ 0.0] DMAR: dmar0: reg_base_addr fed90000 ver 1:0 cap "
                            "1c0000c40660462 ecap f050da\n"
                            "[ 0.0] DMAR: dmar1: reg_base_addr fed91000 ver 1:0 cap "
                            "1c0000c40660462 ecap f050da\n",
                            at));
    if (pci != NULL)
        scene_text(s, "pci", pci);
    scene_judge(s);
}

static void a_unit_that_returns_all_ones_protects_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *log, *pci;
        enum verdict translation, coverage;
        enum status reason; /* of translation */
    } rows[] = {
        {DEAD("fed91000"), NVME VGA, V_FAIL, V_FAIL, ST_OK},
        {DEAD("fed91000"), NULL, V_FAIL, V_UNKNOWN, ST_OK}, /* it takes all of a segment */
        {DEAD("fed90000"), NVME VGA, V_FAIL, V_FAIL, ST_OK},
        {DEAD("fed90000"), NVME, V_PASS, V_PASS, ST_OK}, /* nothing of its scopes is there */
        {DEAD("fed90000"), NULL, V_UNKNOWN, V_UNKNOWN, ST_NOT_COLLECTED},
        {"", NVME VGA, V_PASS, V_PASS, ST_OK},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        judge_dead(&s, rows[i].log, rows[i].pci);
        if (scene_verdict(&s, "iommu.translation") != rows[i].translation ||
            scene_reason(&s, "iommu.translation") != rows[i].reason ||
            scene_verdict(&s, "iommu.coverage") != rows[i].coverage)
            fail_msg("row %zu: %s (%s), %s", i,
                     verdict_name(scene_verdict(&s, "iommu.translation")),
                     status_name(scene_reason(&s, "iommu.translation")),
                     verdict_name(scene_verdict(&s, "iommu.coverage")));
        assert_int_equal(scene_notes(&s, "nothing is behind it"), i == 3);
        scene_end(&s);
    }
}

static void registers_at_address_0_are_no_unit(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    dmar_begin(&b, 1);
    dmar_unit(&b, ALL, 0, 0, "");
    iommu_scene(&s, "acpi/DMAR", acpi_end(&b), NVME);
    assert_verdict(&s, "iommu.present", V_FAIL);
    assert_verdict(&s, "iommu.coverage", V_FAIL);
    assert_int_equal(scene_fact(&s, "dmar.drhd")->v.u, 1);
    assert_true(scene_notes(&s, "at address 0"));
    scene_end(&s);
}

/* Classes ------------------------------------------------------------------------------------ */

/* AMD's NPU and its sensor hub are 1180, as are Intel's thermal sensors. */
static void bus_master_decides_where_the_class_does_not(void **state)
{
    (void)state;
    static const char *const classes[] = {"118000", "110100", "050000", "088000"};
    static const struct {
        const char *master;
        enum verdict verdict;
        enum status reason;
    } rows[] = {
        {" master=1", V_FAIL, ST_OK},
        {" master=0", V_PASS, ST_OK},
        {"", V_UNKNOWN, ST_NOT_COLLECTED},
    };
    for (size_t c = 0; c < COUNT(classes); c++) {
        for (size_t i = 0; i < COUNT(rows); i++) {
            static struct build b;
            struct scene s;
            dmar_begin(&b, 1);
            dmar_unit(&b, LISTED, 0, 0xfed90000, "e00:02.0");
            scene_begin(&s);
            scene_complete_acpi(&s);
            scene_bytes(&s, "acpi/DMAR", acpi_end(&b));
            scene_text(&s, "pci",
                       arena_printf(&s.arena, VGA "0000:00:08.0 class=%s%s\n", classes[c],
                                    rows[i].master));
            scene_judge(&s);
            if (scene_verdict(&s, "iommu.coverage") != rows[i].verdict ||
                scene_reason(&s, "iommu.coverage") != rows[i].reason)
                fail_msg("%s%s: %s", classes[c], rows[i].master,
                         verdict_name(scene_verdict(&s, "iommu.coverage")));
            scene_end(&s);
        }
    }
}

/* Covered, there is nothing to say of them. */
static void a_covered_function_of_such_a_class_needs_no_bit(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    dmar_begin(&b, 1);
    dmar_unit(&b, ALL, 0, 0xfed90000, "");
    iommu_scene(&s, "acpi/DMAR", acpi_end(&b), VGA FN("0000:00:08.0", "118000", ""));
    assert_coverage(&s, V_PASS, ST_OK, (struct counts){1, 0, 0});
    scene_end(&s);
}

/* Which of two controllers owns a domain does not matter where both are behind units. */
static void two_vmds_behind_units_cover_what_they_own(void **state)
{
    (void)state;
    static const struct {
        unsigned flags;
        enum verdict verdict;
    } rows[] = {{ALL, V_PASS}, {LISTED, V_UNKNOWN}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        static struct build b;
        struct scene s;
        dmar_begin(&b, 1);
        dmar_unit(&b, rows[i].flags, 0, 0xfed90000, rows[i].flags == ALL ? "" : "e00:0e.0");
        iommu_scene(&s, "acpi/DMAR", acpi_end(&b),
                    "0000:00:0e.0 class=010400 vmd=1\n"
                    "0000:20:0e.0 class=010400 vmd=1\n"
                    "10000:00:01.0 class=010802\n");
        enum verdict v = scene_verdict(&s, "iommu.coverage");
        if (rows[i].flags == ALL)
            assert_int_equal(v, V_PASS);
        else
            assert_int_equal(v, V_FAIL); /* the second controller is behind none */
        scene_end(&s);
    }
}

/* Devices that the IORT names ---------------------------------------------------------------- */

enum where { TO_SMMU, TO_ITS, NOWHERE };

static void judge_component(struct scene *s, enum where where, bool root_complex)
{
    static struct build b;
    iort_begin(&b, 3 + root_complex);
    uint32_t its = iort_its(&b), smmu = iort_smmu(&b, 4, 0x9050000);
    iort_component(&b, "\\_SB.UFS0", where != NOWHERE);
    if (where != NOWHERE)
        iort_map(&b, 0, 0, where == TO_SMMU ? smmu : its, 0);
    if (root_complex) {
        iort_root(&b, 0, 1);
        iort_map(&b, 0, 0xffff, smmu, 0);
    }
    scene_begin(s);
    scene_text(s, "kernel", "arch: aarch64\n");
    scene_complete_acpi(s);
    scene_bytes(s, "acpi/IORT", acpi_end(&b));
    if (root_complex)
        scene_text(s, "pci", NVME);
    scene_judge(s);
}

static void devices_that_the_iort_names_are_judged(void **state)
{
    (void)state;
    static const struct {
        enum where where;
        bool root_complex;
        enum verdict verdict;
        enum status reason;
    } rows[] = {
        {TO_SMMU, true, V_PASS, ST_OK},
        {TO_ITS, true, V_PASS, ST_OK},
        {NOWHERE, true, V_FAIL, ST_OK},
        {TO_SMMU, false, V_PASS, ST_OK},
        {TO_ITS, false, V_UNKNOWN, ST_UNPROVABLE},
        {NOWHERE, false, V_FAIL, ST_OK},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        judge_component(&s, rows[i].where, rows[i].root_complex);
        if (scene_verdict(&s, "iommu.coverage") != rows[i].verdict ||
            scene_reason(&s, "iommu.coverage") != rows[i].reason)
            fail_msg("row %zu: %s, %s", i, verdict_name(scene_verdict(&s, "iommu.coverage")),
                     status_name(scene_reason(&s, "iommu.coverage")));
        assert_int_equal(findings_of(&s, "iommu.coverage"), rows[i].where == NOWHERE);
        if (rows[i].where == NOWHERE)
            assert_finding(&s, "iommu.coverage", "\\_SB.UFS0", "not mapped to an SMMU");
        scene_end(&s);
    }
}

/* Less privilege ----------------------------------------------------------------------------- */

/* Root would see whether the two contradict each other; groups and Thunderbolt do not tell. */
static void two_tables_listed_and_denied_leave_all_to_root(void **state)
{
    (void)state;
    static const char *const rules[] = {"iommu.present", "iommu.translation", "iommu.coverage",
                                        "iommu.dma-opt-in"};
    for (unsigned tables = 1; tables <= 2; tables++) {
        struct scene s;
        scene_begin(&s);
        scene_text(&s, "kernel", "arch: x86_64\n");
        scene_text(&s, "dmi", "vendor: LENOVO\nproduct: 21CB\n");
        scene_missing(&s, "acpi/FACP", ST_NO_PERMISSION);
        scene_missing(&s, "acpi/APIC", ST_NO_PERMISSION);
        scene_missing(&s, "acpi/DMAR1", ST_NO_PERMISSION);
        if (tables == 2)
            scene_missing(&s, "acpi/DMAR2", ST_NO_PERMISSION);
        scene_missing(&s, "efi/kernel-log", ST_NO_PERMISSION);
        scene_text(&s, "sys/iommu",
                   "unit dmar0 address fed90000\nunit dmar0 cap 1c0000c40660462\n"
                   "unit dmar0 ecap f050da\nunit dmar0 version 1:0\ngroups 1\n");
        scene_text(&s, "sys/thunderbolt", "domain0 iommu_dma_protection 1\n");
        scene_text(&s, "pci", "0000:00:02.0 class=030000 group=1\n");
        scene_judge(&s);
        for (size_t i = 0; i < COUNT(rules); i++) {
            if (tables == 1)
                assert_verdict(&s, rules[i], V_PASS);
            else if (scene_reason(&s, rules[i]) != ST_NO_PERMISSION)
                fail_msg("%s: %s", rules[i], status_name(scene_reason(&s, rules[i])));
        }
        scene_end(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_unit_that_takes_all_of_the_only_segment_decides),
        cmocka_unit_test(the_amd_twin_selects_all_or_every_id),
        cmocka_unit_test(a_unit_that_returns_all_ones_protects_nothing),
        cmocka_unit_test(registers_at_address_0_are_no_unit),
        cmocka_unit_test(bus_master_decides_where_the_class_does_not),
        cmocka_unit_test(a_covered_function_of_such_a_class_needs_no_bit),
        cmocka_unit_test(two_vmds_behind_units_cover_what_they_own),
        cmocka_unit_test(two_tables_listed_and_denied_leave_all_to_root),
        cmocka_unit_test(devices_that_the_iort_names_are_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
