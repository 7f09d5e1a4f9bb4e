/* SPDX-License-Identifier: MIT */
/* Coverage as a whole: what counts as capable of DMA, which evidence decides, and what is told. */
#include "support/cmocka.h"

#include <string.h>

#include "support/iommu.h"
#include "vbscheck/count.h"

#define NVME FN("0000:01:00.0", "010802", "")

/* One unit that takes all of segment 0. */
static struct span all_of_it(struct build *b)
{
    dmar_begin(b, 1);
    dmar_unit(b, ALL, 0, 0xfed91000, "");
    return acpi_end(b);
}

/* A unit that takes nothing of what is there. */
static struct span none_of_it(struct build *b)
{
    dmar_begin(b, 1);
    dmar_unit(b, LISTED, 0, 0xfed91000, "");
    return acpi_end(b);
}

static void class_decides_what_is_capable_of_dma(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        bool counts;
    } rows[] = {
        {"class=060000", false},          {"class=060100", false},
        {"class=060400", false},          {"class=060401 header=01", false},
        {"class=080600", false},          {"class=080000", false},
        {"class=080020", false},          {"class=0c0500", false},
        {"class=050000", false},          {"class=058000", false},
        {"class=110100", false},          {"class=118000", false},
        {"class=130000", false},          {"class=080500", true},
        {"class=080501", true},           {"class=080100", true},
        {"class=088000", false},          {"class=088000 master=0", false},
        {"class=088000 master=1", true},  {"class=060200", true},
        {"class=118000 master=0", false}, {"class=118000 master=1", true},
        {"class=050000 master=1", true},  {"class=068000", true},
        {"class=010601", true},           {"class=010802", true},
        {"class=020000", true},           {"class=030000", true},
        {"class=040300", true},           {"class=070002", true},
        {"class=078000", true},           {"class=090000", true},
        {"class=0c0330", true},           {"class=0c0340", true},
        {"class=0d1100", true},           {"class=108000", true},
        {"class=120000", true},           {"class=ff0000", true},
        {"class=000000", true},           {"vendor=8086", true},
    };
    static struct build b;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        scene_begin(&s);
        scene_complete_acpi(&s);
        scene_bytes(&s, "acpi/DMAR", all_of_it(&b));
        scene_text(&s, "pci", arena_printf(&s.arena, "0000:00:00.0 %s\n%s", rows[i].line, NVME));
        scene_judge(&s);
        if (function_at(&s, "0000:00:00.0")->in_scope != rows[i].counts)
            fail_msg("%s", rows[i].line);
        assert_coverage(&s, V_PASS, ST_OK, (struct counts){rows[i].counts ? 2 : 1, 0, 0});
        bool idle = strstr(rows[i].line, "master=0") != NULL;
        assert_int_equal(scene_notes(&s, "are not bus masters"), idle);
        scene_end(&s);
    }
}

static void only_what_is_capable_of_dma_is_missed(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    iommu_scene(&s, "acpi/DMAR", none_of_it(&b),
                FN("0000:00:00.0", "060000", "") FN("0000:00:1f.4", "0c0500", "") NVME);
    assert_coverage(&s, V_FAIL, ST_OK, (struct counts){1, 1, 0});
    assert_int_equal(findings_of(&s, "iommu.coverage"), 1);
    assert_finding(&s, "iommu.coverage", "0000:01:00.0", "no DRHD lists it");
    assert_units(&s, 1, 0);
    scene_end(&s);
}

static void without_a_list_of_functions_nothing_is_judged(void **state)
{
    (void)state;
    static const struct {
        const char *pci;
        enum status st, reason;
    } rows[] = {
        {NULL, ST_NOT_COLLECTED, ST_NOT_COLLECTED},
        {NULL, ST_NO_PERMISSION, ST_NO_PERMISSION},
        {"", ST_OK, ST_NOT_COLLECTED},
        {"\n \n", ST_OK, ST_NOT_COLLECTED},
        {NVME "0000:02:00.0 class=xyz\n", ST_OK, ST_MALFORMED},
    };
    static struct build b;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        scene_begin(&s);
        scene_complete_acpi(&s);
        scene_bytes(&s, "acpi/DMAR", all_of_it(&b));
        if (rows[i].pci != NULL)
            scene_text(&s, "pci", rows[i].pci);
        else if (rows[i].st != ST_NOT_COLLECTED)
            scene_missing(&s, "pci", rows[i].st);
        scene_judge(&s);
        assert_coverage(&s, V_UNKNOWN, rows[i].reason, (struct counts){UNTOLD, UNTOLD, UNTOLD});
        assert_int_equal(scene_fact(&s, "iommu.units-in-use")->st, rows[i].reason);
        assert_int_equal(s.report.facts.iommu->n_units, 1);
        assert_int_equal(s.report.facts.iommu->n_functions, 0);
        assert_int_equal(scene_notes(&s, "value that cannot be read, at byte 39"),
                         rows[i].reason == ST_MALFORMED);
        scene_end(&s);
    }
}

static void a_list_of_bridges_alone_proves_nothing(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    iommu_scene(&s, "acpi/DMAR", all_of_it(&b), FN("0000:00:00.0", "060000", ""));
    assert_coverage(&s, V_UNKNOWN, ST_NOT_COLLECTED, (struct counts){0, UNTOLD, 0});
    scene_end(&s);
}

static void a_cut_list_proves_what_is_missing_and_never_that_nothing_is(void **state)
{
    (void)state;
    static struct build b;
    for (unsigned covered = 0; covered < 2; covered++) {
        struct scene s;
        scene_begin(&s);
        scene_complete_acpi(&s);
        scene_bytes(&s, "acpi/DMAR", covered ? all_of_it(&b) : none_of_it(&b));
        size_t line = sizeof NVME - 1;
        char *pci = arena_alloc(&s.arena, PCI_FUNCTIONS_MAX + 2, line);
        for (size_t i = 0; i <= PCI_FUNCTIONS_MAX; i++)
            memcpy(pci + i * line, NVME, line);
        scene_text(&s, "pci", pci);
        scene_judge(&s);
        assert_verdict(&s, "iommu.coverage", covered ? V_UNKNOWN : V_FAIL);
        assert_reason(&s, "iommu.coverage", covered ? ST_TRUNCATED : ST_OK);
        assert_int_equal(scene_fact(&s, "iommu.functions")->st, ST_TRUNCATED);
        if (!covered)
            assert_int_equal(scene_fact(&s, "iommu.functions-uncovered")->v.u, 1);
        scene_end(&s);
    }
}

static void without_any_unit_there_is_one_finding_on_metal(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    scene_complete_acpi(&s);
    scene_text(&s, "pci", FN("0000:00:02.0", "030000", " group=0") NVME);
    scene_judge(&s);
    assert_coverage(&s, V_FAIL, ST_OK, (struct counts){2, 2, 0});
    assert_units(&s, 0, 0);
    assert_int_equal(function_at(&s, "0000:00:02.0")->standing, STANDS_FREE);
    assert_int_equal(findings_of(&s, "iommu.coverage"), 1);
    assert_finding(&s, "iommu.coverage", "pci",
                   "2 DMA-capable functions, but no table describes an IOMMU");
    assert_verdict(&s, "iommu.translation", V_NOT_APPLICABLE);
    assert_verdict(&s, "iommu.present", V_FAIL);
    scene_end(&s);
}

static void a_virtual_machine_without_a_unit_is_not_asked(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    scene_oem_acpi(&s, "BOCHS ");
    scene_text(&s, "pci", NVME);
    scene_judge(&s);
    assert_verdict(&s, "iommu.coverage", V_NOT_APPLICABLE);
    assert_verdict(&s, "iommu.present", V_NOT_APPLICABLE);
    assert_int_equal(s.report.facts.n_findings, 0);
    scene_end(&s);
}

static void tables_that_were_not_read_leave_coverage_open(void **state)
{
    (void)state;
    static const enum status why[] = {ST_NO_PERMISSION, ST_IO_ERROR};
    for (size_t i = 0; i < COUNT(why); i++) {
        struct scene s;
        scene_begin(&s);
        scene_complete_acpi(&s);
        scene_missing(&s, "acpi/DMAR", why[i]);
        scene_text(&s, "pci", NVME);
        scene_judge(&s);
        assert_coverage(&s, V_UNKNOWN, why[i], (struct counts){1, UNTOLD, UNTOLD});
        assert_int_equal(s.report.facts.n_findings, 0);
        scene_end(&s);
    }
}

static void different_dmars_conflict_and_like_ones_are_one(void **state)
{
    (void)state;
    static struct build b;
    for (unsigned same = 0; same < 2; same++) {
        struct scene s;
        scene_begin(&s);
        scene_complete_acpi(&s);
        scene_bytes(&s, "acpi/DMAR1", all_of_it(&b));
        scene_bytes(&s, "acpi/DMAR2", same ? all_of_it(&b) : none_of_it(&b));
        scene_text(&s, "pci", NVME);
        scene_judge(&s);
        assert_coverage(&s, same ? V_PASS : V_UNKNOWN, same ? ST_OK : ST_CONFLICT,
                        (struct counts){1, same ? 0 : UNTOLD, same ? 0 : UNTOLD});
        assert_int_equal(scene_notes(&s, "2 different DMAR tables"), !same);
        assert_units(&s, 1, 1);
        scene_end(&s);
    }
}

static void a_malformed_dmar_is_told_with_its_byte(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    dmar_begin(&b, 1);
    dmar_unit(&b, ALL, 0, 0xfed91000, "e00:02.0");
    b.bytes[48 + 16 + 1] = 7; /* half a path */
    b.bytes[48 + 2] = 23;
    b.len--;
    iommu_scene(&s, "acpi/DMAR", acpi_end(&b), NVME);
    assert_coverage(&s, V_UNKNOWN, ST_MALFORMED, (struct counts){1, UNTOLD, UNTOLD});
    assert_true(scene_notes(&s, "device scope has no whole path, at byte 66"));
    assert_reason(&s, "iommu.translation", ST_MALFORMED);
    assert_reason(&s, "iommu.present", ST_MALFORMED);
    assert_int_equal(s.report.facts.iommu->n_units, 0);
    scene_end(&s);
}

static void a_malformed_table_beside_a_sound_one_leaves_coverage_open(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    scene_begin(&s);
    scene_complete_acpi(&s);
    scene_bytes(&s, "acpi/DMAR", all_of_it(&b));
    scene_text(&s, "acpi/IVRS", "IVRS and then nothing of the kind, but long enough for one");
    scene_text(&s, "pci", NVME);
    scene_judge(&s);
    assert_behind(&s, "0000:01:00.0", "DRHD fed91000");
    assert_coverage(&s, V_UNKNOWN, ST_MALFORMED, (struct counts){1, UNTOLD, UNTOLD});
    assert_units(&s, 1, 1);
    scene_end(&s);
}

/* Beside a DMAR with these scopes, an IORT that maps bus 01 of segment 0. */
static void judge_two_tables(struct scene *s, const char *scopes, uint32_t first, const char *pci)
{
    static struct build b;
    scene_begin(s);
    scene_complete_acpi(s);
    dmar_begin(&b, 1);
    dmar_unit(&b, LISTED, 0, 0xfed91000, scopes);
    scene_bytes(s, "acpi/DMAR", acpi_end(&b));
    iort_begin(&b, 2);
    uint32_t smmu = iort_smmu(&b, 4, 0x9050000);
    iort_root(&b, 0, 1);
    iort_map(&b, first, 0xff, smmu, 0);
    scene_bytes(s, "acpi/IORT", acpi_end(&b));
    scene_text(s, "pci", pci);
    scene_judge(s);
}

static void units_of_any_table_are_enough(void **state)
{
    (void)state;
    struct scene s;
    judge_two_tables(&s, "e02:00.0", 0x100,
                     NVME FN("0000:02:00.0", "010802", "") FN("0000:03:00.0", "010802", ""));
    assert_behind(&s, "0000:01:00.0", "SMMUv3 9050000");
    assert_behind(&s, "0000:02:00.0", "DRHD fed91000");
    assert_behind(&s, "0000:03:00.0", NULL);
    assert_coverage(&s, V_FAIL, ST_OK, (struct counts){3, 1, 0});
    assert_units(&s, 2, 2);
    scene_end(&s);
}

static void what_one_table_cannot_tell_another_does_not_deny(void **state)
{
    (void)state;
    struct scene s;
    judge_two_tables(&s, "e02:00.0", 0x100, NVME FN("10000:01:00.0", "010802", ""));
    assert_coverage(&s, V_UNKNOWN, ST_NOT_COLLECTED, (struct counts){2, UNTOLD, 0});
    assert_finding(&s, "iommu.coverage", "10000:01:00.0", "which VMD controller");
    scene_end(&s);

    /* The other way round: what the first table denies the second cannot tell. */
    judge_two_tables(&s, "e02:00.0", 0x87030000, NVME FN("0000:02:00.0", "010802", ""));
    assert_coverage(&s, V_UNKNOWN, ST_UNSUPPORTED, (struct counts){2, UNTOLD, 0});
    assert_behind(&s, "0000:02:00.0", "DRHD fed91000");
    scene_end(&s);
}

static void a_finding_names_the_port_that_faces_outwards(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    iommu_scene(&s, "acpi/DMAR", none_of_it(&b),
                BRIDGE("0000:00:07.0", "02", "2c", "")
                    BRIDGE("0000:02:00.0", "03", "04", " external=1 thunderbolt=1")
                        FN("0000:03:00.0", "0c0330", " external=1") NVME);
    assert_coverage(&s, V_FAIL, ST_OK, (struct counts){2, 2, 0});
    assert_true(function_at(&s, "0000:00:07.0")->faces_out);
    assert_false(function_at(&s, "0000:02:00.0")->faces_out);
    assert_finding(&s, "iommu.coverage", "0000:03:00.0",
                   ", reached through the external-facing port 0000:00:07.0 (Thunderbolt): ");
    assert_null(strstr(finding_on(&s, "iommu.coverage", "0000:01:00.0"), "external-facing"));
    assert_true(scene_notes(&s, "0000:00:07.0 is a port that faces outwards, behind no unit"));
    scene_end(&s);

    iommu_scene(&s, "acpi/DMAR", all_of_it(&b),
                BRIDGE("0000:00:07.0", "02", "2c", "") FN("0000:02:00.0", "0c0330", " external=1"));
    assert_coverage(&s, V_PASS, ST_OK, (struct counts){1, 0, 0});
    assert_true(scene_notes(&s, "a port that faces outwards, behind DRHD fed91000"));
    scene_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(class_decides_what_is_capable_of_dma),
        cmocka_unit_test(only_what_is_capable_of_dma_is_missed),
        cmocka_unit_test(without_a_list_of_functions_nothing_is_judged),
        cmocka_unit_test(a_list_of_bridges_alone_proves_nothing),
        cmocka_unit_test(a_cut_list_proves_what_is_missing_and_never_that_nothing_is),
        cmocka_unit_test(without_any_unit_there_is_one_finding_on_metal),
        cmocka_unit_test(a_virtual_machine_without_a_unit_is_not_asked),
        cmocka_unit_test(tables_that_were_not_read_leave_coverage_open),
        cmocka_unit_test(different_dmars_conflict_and_like_ones_are_one),
        cmocka_unit_test(a_malformed_dmar_is_told_with_its_byte),
        cmocka_unit_test(a_malformed_table_beside_a_sound_one_leaves_coverage_open),
        cmocka_unit_test(units_of_any_table_are_enough),
        cmocka_unit_test(what_one_table_cannot_tell_another_does_not_deny),
        cmocka_unit_test(a_finding_names_the_port_that_faces_outwards),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
