/* SPDX-License-Identifier: MIT */
/* The kernel's IOMMU groups beside what the tables say. */
#include "support/cmocka.h"

#include "support/iommu.h"
#include "vbscheck/count.h"

#define LIST "DRHD fed90000"
#define GPU  "0000:00:02.0"
#define XHCI "0000:00:14.0"
#define NVME "0000:01:00.0"
#define PORT BRIDGE("0000:00:1c.0", "01", "01", " group=9")

/* A unit for graphics; another for the controller, or none for anything else. */
static void judge_with_log(struct scene *s, const char *scopes, const char *pci, const char *log)
{
    static struct build b;
    scene_begin(s);
    scene_complete_acpi(s);
    dmar_begin(&b, 1);
    dmar_unit(&b, LISTED, 0, 0xfed90000, scopes);
    scene_bytes(s, "acpi/DMAR", acpi_end(&b));
    scene_text(s, "pci", pci);
    if (log != NULL)
        scene_text(s, "efi/kernel-log", log);
    scene_judge(s);
}

static void judge_groups(struct scene *s, const char *scopes, const char *pci)
{
    judge_with_log(s, scopes, pci, NULL);
}

static void covered_and_grouped_is_covered(void **state)
{
    (void)state;
    struct scene s;
    judge_groups(&s, "e00:14.0", FN(XHCI, "0c0330", " group=3"));
    assert_coverage(&s, V_PASS, ST_OK, (struct counts){1, 0, 0});
    scene_end(&s);
}

static void no_group_at_all_says_only_that_linux_uses_no_iommu(void **state)
{
    (void)state;
    struct scene s;
    judge_groups(&s, "e00:14.0 e01:00.0", FN(XHCI, "0c0330", "") FN(NVME, "010802", ""));
    assert_coverage(&s, V_PASS, ST_OK, (struct counts){2, 0, 0});
    assert_int_equal(function_at(&s, XHCI)->standing, STANDS_BEHIND);
    assert_units(&s, 1, 1);
    scene_end(&s);
}

static void a_covered_function_without_a_group_is_disputed_where_others_have_one(void **state)
{
    (void)state;
    struct scene s;
    judge_groups(&s, "e00:14.0 e01:00.0", FN(XHCI, "0c0330", " group=3") FN(NVME, "010802", ""));
    assert_coverage(&s, V_UNKNOWN, ST_CONFLICT, (struct counts){2, UNTOLD, 1});
    assert_behind(&s, NVME, LIST);
    assert_int_equal(function_at(&s, NVME)->standing, STANDS_DISPUTED);
    assert_int_equal(findings_of(&s, "iommu.coverage"), 1);
    assert_finding(&s, "iommu.coverage", NVME,
                   "the tables put it behind DRHD fed90000, but the kernel gave IOMMU groups to "
                   "other functions");
    scene_end(&s);
}

/* The function with the group may itself be out of scope. */
static void the_group_of_a_bridge_tells_that_others_have_one(void **state)
{
    (void)state;
    struct scene s;
    judge_groups(&s, "b00:1c.0", PORT FN(NVME, "010802", ""));
    assert_coverage(&s, V_UNKNOWN, ST_CONFLICT, (struct counts){1, UNTOLD, 1});
    scene_end(&s);
}

static void uncovered_without_a_group_is_uncovered(void **state)
{
    (void)state;
    static const char *const lists[] = {
        FN(XHCI, "0c0330", " group=3") FN(NVME, "010802", ""),
        FN(XHCI, "0c0330", "") FN(NVME, "010802", ""),
    };
    for (size_t i = 0; i < COUNT(lists); i++) {
        struct scene s;
        judge_groups(&s, "e00:14.0", lists[i]);
        assert_coverage(&s, V_FAIL, ST_OK, (struct counts){2, 1, 0});
        assert_int_equal(function_at(&s, NVME)->standing, STANDS_FREE);
        assert_finding(&s, "iommu.coverage", NVME, "no DRHD lists it");
        scene_end(&s);
    }
}

static void uncovered_with_a_group_is_disputed(void **state)
{
    (void)state;
    struct scene s;
    judge_groups(&s, "e00:14.0", FN(XHCI, "0c0330", " group=3") FN(NVME, "010802", " group=0"));
    assert_coverage(&s, V_UNKNOWN, ST_CONFLICT, (struct counts){2, UNTOLD, 1});
    assert_behind(&s, NVME, NULL);
    assert_finding(&s, "iommu.coverage", NVME, "but the kernel put it into IOMMU group 0");
    scene_end(&s);
}

static void one_uncovered_fails_whatever_else_is_disputed(void **state)
{
    (void)state;
    struct scene s;
    judge_groups(&s, "e00:14.0",
                 FN(GPU, "030000", "") FN(XHCI, "0c0330", " group=3")
                     FN(NVME, "010802", " group=4"));
    assert_coverage(&s, V_FAIL, ST_OK, (struct counts){3, 1, 1});
    assert_int_equal(findings_of(&s, "iommu.coverage"), 2);
    assert_finding(&s, "iommu.coverage", GPU, "no DRHD lists it");
    assert_finding(&s, "iommu.coverage", NVME, "IOMMU group 4");
    scene_end(&s);
}

static void a_group_decides_where_the_tables_cannot_tell(void **state)
{
    (void)state;
    struct scene s;
    judge_groups(&s, "e00:14.0",
                 FN(XHCI, "0c0330", " group=3") FN("10000:01:00.0", "010802", " group=4"));
    assert_coverage(&s, V_PASS, ST_OK, (struct counts){2, 0, 0});
    assert_int_equal(function_at(&s, "10000:01:00.0")->standing, STANDS_BEHIND);
    assert_behind(&s, "10000:01:00.0", NULL);
    scene_end(&s);
}

static void a_function_of_unknown_class_is_not_called_uncovered(void **state)
{
    (void)state;
    struct scene s;
    judge_groups(&s, "e00:14.0", FN(XHCI, "0c0330", "") NVME " vendor=8086 device=0001\n");
    assert_coverage(&s, V_UNKNOWN, ST_NOT_COLLECTED, (struct counts){2, UNTOLD, 0});
    assert_int_equal(function_at(&s, NVME)->standing, STANDS_UNKNOWN);
    assert_finding(&s, "iommu.coverage", NVME, "no DRHD lists it");
    scene_end(&s);
}

static void graphics_that_linux_leaves_aside_are_no_dispute(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    dmar_begin(&b, 1);
    dmar_unit(&b, LISTED, 0, 0xfed90000, "e00:02.0");
    dmar_unit(&b, ALL, 0, 0xfed91000, "");
    iommu_scene(&s, "acpi/DMAR", acpi_end(&b),
                FN(GPU, "030000", "") FN(XHCI, "0c0330", " group=3"));
    assert_coverage(&s, V_PASS, ST_OK, (struct counts){2, 0, 0});
    assert_units(&s, 2, 2);
    assert_true(scene_boot_notes(&s, "leaves the graphics controller 0000:00:02.0 untranslated"));
    scene_end(&s);

    /* A unit that has more than graphics behind it is never left aside. */
    judge_groups(&s, "e00:02.0 e00:14.0 e01:00.0",
                 FN(GPU, "030000", "") FN(XHCI, "0c0330", " group=3"));
    assert_coverage(&s, V_UNKNOWN, ST_CONFLICT, (struct counts){2, UNTOLD, 1});
    assert_false(scene_notes(&s, "graphics controller"));
    scene_end(&s);
}

static void graphics_behind_amd_vi_are_not_left_aside(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    ivrs_begin(&b, 0);
    for (unsigned i = 0; i < 2; i++) {
        size_t block = ivhd_open(
            &b, (struct ivhd_head){.type = 0x11, .device = 2 + i, .base = 0xfeb80000 + i * 0x1000});
        put_entry(&b, 0x02, i == 0 ? 0x0010 : 0x00a0);
        ivhd_close(&b, block);
    }
    iommu_scene(&s, "acpi/IVRS", acpi_end(&b),
                FN(GPU, "030000", "") FN(XHCI, "0c0330", " group=3"));
    assert_coverage(&s, V_UNKNOWN, ST_CONFLICT, (struct counts){2, UNTOLD, 1});
    assert_finding(&s, "iommu.coverage", GPU, "and none to this one");
    scene_end(&s);
}

#define TWO FN(XHCI, "0c0330", "") FN(NVME, "010802", "")

static void a_log_proves_the_groups_that_it_names_and_no_other(void **state)
{
    (void)state;
    static const char *const logs[] = {
        "[    0.500000] pci 0000:00:14.0: Adding to iommu group 3\n",
        "[    0.500000] xhci_hcd 0000:00:14.0: Adding to iommu group 3\n",
        "[    0.500000] iommu: Adding device 0000:00:14.0 to group 3\n",
    };
    for (size_t i = 0; i < COUNT(logs); i++) {
        struct scene s;
        judge_with_log(&s, "e00:14.0 e01:00.0", TWO, logs[i]);
        assert_int_equal(function_at(&s, XHCI)->pci->group, 3);
        assert_int_equal(function_at(&s, NVME)->pci->group, PCI_NO_GROUP);
        assert_coverage(&s, V_PASS, ST_OK, (struct counts){2, 0, 0});
        assert_false(scene_notes(&s, "graphics controller")); /* silence is no absence */
        scene_end(&s);

        judge_with_log(&s, "e01:00.0", TWO, logs[i]);
        assert_coverage(&s, V_UNKNOWN, ST_CONFLICT, (struct counts){2, UNTOLD, 1});
        assert_finding(&s, "iommu.coverage", XHCI, "into IOMMU group 3");
        scene_end(&s);
    }
}

static void groups_of_the_list_leave_the_log_unasked(void **state)
{
    (void)state;
    struct scene s;
    judge_with_log(&s, "e00:14.0 e01:00.0", FN(XHCI, "0c0330", " group=3") FN(NVME, "010802", ""),
                   "[    0.5] pci 0000:01:00.0: Adding to iommu group 4\n");
    assert_coverage(&s, V_UNKNOWN, ST_CONFLICT, (struct counts){2, UNTOLD, 1});
    scene_end(&s);
}

static void other_lines_put_nothing_into_a_group(void **state)
{
    (void)state;
    static const char *const logs[] = {
        "[    0.5] pci 0000:00:14.0: Adding to iommu group\n",
        "[    0.5] pci 0000:00:14.0: Adding to iommu group x\n",
        "[    0.5] pci 0000:00:14.0: Adding to iommu group 4294967296\n",
        "[    0.5] pci 0000:00:15.0: Adding to iommu group 3\n",
        "[    0.5] pci 0000:00:14.0 Adding to iommu group 3\n",
        "[    0.5] pci 0000:00:14.0: Removing from iommu group 3\n",
        "[    0.5] platform x: 0000:00:14.0: Adding to iommu group 3\n",
        "[    0.5] i915 0000:00:14.0: monitor X: Adding to iommu group 3\n",
        "[    0.5] usb 1-1: Product: iommu: Adding device 0000:00:14.0 to group 3\n",
        "[    0.5] iommu: Adding device 0000:00:14.0 in group 3\n",
        "[    0.5] iommu: Adding device 0000:00:14.0 to group\n",
        "<14>[    0.5] pci 0000:00:14.0: Adding to iommu group 3\n",
    };
    for (size_t i = 0; i < COUNT(logs); i++) {
        struct scene s;
        judge_with_log(&s, "e01:00.0", TWO, logs[i]);
        if (function_at(&s, XHCI)->pci->group != PCI_NO_GROUP)
            fail_msg("believed: %s", logs[i]);
        assert_coverage(&s, V_FAIL, ST_OK, (struct counts){2, 1, 0});
        scene_end(&s);
    }
}

static void what_the_kernel_does_with_its_groups_belongs_to_the_boot(void **state)
{
    (void)state;
    static const struct {
        const char *sys, *note;
    } rows[] = {
        {"groups 0\n", "the kernel uses no IOMMU in this boot"},
        {"unit dmar0 version 1:0\ngroups 8\ntype DMA-FQ 5\ntype identity 3\n",
         "3 of 8 IOMMU groups pass DMA through untranslated"},
        {"groups 8\ntype DMA 8\n", NULL},
        {"groups 8\ntype identity 0\n", NULL},
        {"groups 8x\n", NULL},
        {"", NULL},
    };
    static struct build b;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        scene_begin(&s);
        scene_complete_acpi(&s);
        dmar_begin(&b, 1);
        dmar_unit(&b, ALL, 0, 0xfed90000, "");
        scene_bytes(&s, "acpi/DMAR", acpi_end(&b));
        scene_text(&s, "pci", TWO);
        scene_text(&s, "sys/iommu", rows[i].sys);
        scene_judge(&s);
        assert_coverage(&s, V_PASS, ST_OK, (struct counts){2, 0, 0});
        if (rows[i].note != NULL)
            assert_true(scene_boot_notes(&s, rows[i].note));
        else
            assert_false(scene_boot_notes(&s, "IOMMU"));
        scene_end(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(covered_and_grouped_is_covered),
        cmocka_unit_test(no_group_at_all_says_only_that_linux_uses_no_iommu),
        cmocka_unit_test(a_covered_function_without_a_group_is_disputed_where_others_have_one),
        cmocka_unit_test(the_group_of_a_bridge_tells_that_others_have_one),
        cmocka_unit_test(uncovered_without_a_group_is_uncovered),
        cmocka_unit_test(uncovered_with_a_group_is_disputed),
        cmocka_unit_test(one_uncovered_fails_whatever_else_is_disputed),
        cmocka_unit_test(a_group_decides_where_the_tables_cannot_tell),
        cmocka_unit_test(a_function_of_unknown_class_is_not_called_uncovered),
        cmocka_unit_test(graphics_that_linux_leaves_aside_are_no_dispute),
        cmocka_unit_test(graphics_behind_amd_vi_are_not_left_aside),
        cmocka_unit_test(a_log_proves_the_groups_that_it_names_and_no_other),
        cmocka_unit_test(groups_of_the_list_leave_the_log_unasked),
        cmocka_unit_test(other_lines_put_nothing_into_a_group),
        cmocka_unit_test(what_the_kernel_does_with_its_groups_belongs_to_the_boot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
