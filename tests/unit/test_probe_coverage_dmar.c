/* SPDX-License-Identifier: MIT */
/* Which VT-d unit a function is behind: device scopes and INCLUDE_PCI_ALL, from blobs to rules. */
#include "support/cmocka.h"

#include <string.h>

#include "support/iommu.h"
#include "vbscheck/count.h"

#define GPU  FN("0000:00:02.0", "030000", "")
#define XHCI FN("0000:00:14.0", "0c0330", "")
#define LIST "DRHD fed90000"
#define REST "DRHD fed91000"

/* One unit with these scopes, and one that takes the rest. */
static void judge_scopes(struct scene *s, const char *scopes, const char *pci)
{
    static struct build b;
    dmar_begin(&b, 1);
    dmar_unit(&b, LISTED, 0, 0xfed90000, scopes);
    dmar_unit(&b, ALL, 0, 0xfed91000, "");
    iommu_scene(s, "acpi/DMAR", acpi_end(&b), pci);
}

/* Only one unit, with these scopes and no others behind it. */
static void judge_listed(struct scene *s, const char *scopes, const char *pci)
{
    static struct build b;
    dmar_begin(&b, 1);
    dmar_unit(&b, LISTED, 0, 0xfed90000, scopes);
    iommu_scene(s, "acpi/DMAR", acpi_end(&b), pci);
}

static void an_endpoint_scope_takes_one_function_from_the_rest(void **state)
{
    (void)state;
    struct scene s;
    judge_scopes(&s, "e00:02.0",
                 FN("0000:00:00.0", "060000", "") GPU FN("0000:00:02.1", "038000", "")
                     XHCI FN("0000:00:1f.0", "060100", ""));
    assert_coverage(&s, V_PASS, ST_OK, (struct counts){3, 0, 0});
    assert_units(&s, 2, 2);
    assert_behind(&s, "0000:00:02.0", LIST);
    assert_behind(&s, "0000:00:02.1", REST);
    assert_behind(&s, "0000:00:14.0", REST);
    assert_int_equal(s.report.facts.iommu->units[0].kind, IOMMU_VTD);
    assert_int_equal(s.report.facts.iommu->units[0].offset, 48);
    assert_string_equal(s.report.facts.iommu->units[1].blob, "acpi/DMAR");
    assert_int_equal(findings_of(&s, "iommu.coverage"), 0);
    scene_end(&s);
}

static void a_bridge_scope_takes_all_below_at_any_depth(void **state)
{
    (void)state;
    struct scene s;
    judge_scopes(&s, "b00:1c.0",
                 BRIDGE("0000:00:1c.0", "02", "08", "") BRIDGE("0000:00:1d.0", "09", "09", "")
                     BRIDGE("0000:02:00.0", "03", "08", "") BRIDGE("0000:03:01.0", "04", "05", "")
                         FN("0000:05:00.0", "010802", "") FN("0000:08:00.0", "020000", "")
                             FN("0000:09:00.0", "010802", ""));
    assert_coverage(&s, V_PASS, ST_OK, (struct counts){3, 0, 0});
    assert_behind(&s, "0000:00:1c.0", LIST);
    assert_behind(&s, "0000:02:00.0", LIST);
    assert_behind(&s, "0000:05:00.0", LIST);
    assert_behind(&s, "0000:08:00.0", LIST);
    assert_behind(&s, "0000:09:00.0", REST);
    assert_int_equal(function_at(&s, "0000:05:00.0")->depth, 3);
    scene_end(&s);
}

static void a_path_goes_through_the_buses_that_the_system_gave(void **state)
{
    (void)state;
    static const struct {
        const char *scopes, *at;
    } rows[] = {
        {"e00:1c.4/00.0", "0000:3a:00.0"}, {"e00:1c.4/00.0/01.0", "0000:3b:01.0"},
        {"e00:1c.4/00.1", NULL},           {"e00:1c.4/00.0/02.0", NULL},
        {"e00:1c.5/00.0", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        judge_listed(&s, rows[i].scopes,
                     BRIDGE("0000:00:1c.4", "3a", "3f", "") BRIDGE("0000:3a:00.0", "3b", "3c", "")
                         FN("0000:3b:00.0", "010802", "") FN("0000:3b:01.0", "010802", ""));
        assert_behind(&s, "0000:3b:00.0", NULL);
        if (rows[i].at != NULL)
            assert_behind(&s, rows[i].at, LIST);
        int uncovered = rows[i].at != NULL && strcmp(rows[i].at, "0000:3b:01.0") == 0 ? 1 : 2;
        assert_coverage(&s, V_FAIL, ST_OK, (struct counts){2, uncovered, 0});
        assert_units(&s, 1, 2 - (unsigned)uncovered);
        scene_end(&s);
    }
}

static void a_two_hop_bridge_scope_takes_what_is_below_its_end(void **state)
{
    (void)state;
    struct scene s;
    judge_listed(&s, "b00:1c.0/00.0",
                 BRIDGE("0000:00:1c.0", "02", "08", "") BRIDGE("0000:02:00.0", "03", "04", "")
                     BRIDGE("0000:02:01.0", "05", "05", "") FN("0000:04:00.0", "010802", "")
                         FN("0000:05:00.0", "010802", ""));
    assert_behind(&s, "0000:00:1c.0", NULL);
    assert_behind(&s, "0000:02:00.0", LIST);
    assert_behind(&s, "0000:04:00.0", LIST);
    assert_behind(&s, "0000:05:00.0", NULL);
    assert_coverage(&s, V_FAIL, ST_OK, (struct counts){2, 1, 0});
    scene_end(&s);
}

static void one_hop_from_a_bus_that_is_no_root_bus_is_understood(void **state)
{
    (void)state;
    struct scene s;
    judge_scopes(&s, "e02:00.0",
                 BRIDGE("0000:00:1c.0", "02", "02", "") FN("0000:02:00.0", "010802", ""));
    assert_coverage(&s, V_PASS, ST_OK, (struct counts){1, 0, 0});
    assert_behind(&s, "0000:02:00.0", LIST);
    assert_behind(&s, "0000:00:1c.0", REST);
    assert_units(&s, 2, 1);
    scene_end(&s);
}

static void the_rest_is_that_of_one_segment(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    dmar_begin(&b, 1);
    dmar_unit(&b, LISTED, 1, 0xfed90000, "e00:02.0");
    dmar_unit(&b, ALL, 0, 0xfed91000, "");
    iommu_scene(&s, "acpi/DMAR", acpi_end(&b),
                GPU FN("0001:00:02.0", "030000", "") FN("0001:00:03.0", "010802", ""));
    assert_behind(&s, "0000:00:02.0", REST);
    assert_behind(&s, "0001:00:02.0", LIST);
    assert_behind(&s, "0001:00:03.0", NULL);
    assert_coverage(&s, V_FAIL, ST_OK, (struct counts){3, 1, 0});
    assert_finding(&s, "iommu.coverage", "0001:00:03.0", "none covers all devices of its segment");
    scene_end(&s);
}

static void several_segments_have_several_rests(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    dmar_begin(&b, 1);
    dmar_unit(&b, ALL, 0, 0xfed90000, "");
    dmar_unit(&b, ALL, 0xffff, 0xfed91000, "");
    iommu_scene(&s, "acpi/DMAR", acpi_end(&b), GPU FN("ffff:00:02.0", "030000", ""));
    assert_coverage(&s, V_PASS, ST_OK, (struct counts){2, 0, 0});
    assert_behind(&s, "0000:00:02.0", LIST);
    assert_behind(&s, "ffff:00:02.0", REST);
    assert_int_equal(s.report.facts.iommu->units[1].segment, 0xffff);
    assert_units(&s, 2, 2);
    scene_end(&s);
}

static void a_bypassed_bridge_leaves_all_below_it_uncovered(void **state)
{
    (void)state;
    struct scene s;
    judge_listed(&s, "e00:02.0 b00:1c.0",
                 GPU BRIDGE("0000:00:1c.0", "01", "01", "") BRIDGE("0000:00:1d.0", "02", "04", "")
                     FN("0000:01:00.0", "020000", " vendor=8086 device=100e")
                         BRIDGE("0000:02:00.0", "03", "04", "") FN("0000:03:00.0", "010802", "")
                             FN("0000:04:00.0", "028000", " vendor=1234 device=5678 name=A card"));
    assert_coverage(&s, V_FAIL, ST_OK, (struct counts){4, 2, 0});
    assert_units(&s, 1, 1);
    assert_behind(&s, "0000:01:00.0", LIST);
    assert_behind(&s, "0000:03:00.0", NULL);
    assert_int_equal(findings_of(&s, "iommu.coverage"), 2);
    assert_finding(&s, "iommu.coverage", "0000:03:00.0", "no DRHD lists it or a bridge above it");
    assert_finding(&s, "iommu.coverage", "0000:04:00.0", "A card [1234:5678]");
    scene_end(&s);
}

static void a_scope_of_what_is_not_there_covers_nothing(void **state)
{
    (void)state;
    struct scene s;
    judge_listed(&s, "e00:1a.0 e00:02.0", GPU XHCI);
    assert_coverage(&s, V_FAIL, ST_OK, (struct counts){2, 1, 0});
    assert_behind(&s, "0000:00:02.0", LIST);
    assert_behind(&s, "0000:00:14.0", NULL);
    scene_end(&s);
}

static void a_path_does_not_go_round_in_circles(void **state)
{
    (void)state;
    /* Buses below the bridge: none yet, its own, and one before its own. */
    static const char *const bridges[] = {
        BRIDGE("0000:02:01.0", "00", "00", ""),
        BRIDGE("0000:02:01.0", "02", "ff", ""),
        BRIDGE("0000:02:01.0", "01", "ff", ""),
    };
    static struct build b;
    for (size_t i = 0; i < COUNT(bridges); i++) {
        struct scene s;
        scene_begin(&s);
        scene_complete_acpi(&s);
        dmar_begin(&b, 1);
        dmar_unit(&b, LISTED, 0, 0xfed90000, "e02:01.0/01.0/02.0 b02:01.0");
        scene_bytes(&s, "acpi/DMAR", acpi_end(&b));
        scene_text(&s, "pci",
                   arena_printf(&s.arena, "%s%s", bridges[i], FN("0000:02:02.0", "010802", "")));
        scene_judge(&s);
        assert_behind(&s, "0000:02:01.0", LIST);
        assert_behind(&s, "0000:02:02.0", NULL);
        assert_coverage(&s, V_FAIL, ST_OK, (struct counts){1, 1, 0});
        scene_end(&s);
    }
}

static void the_first_of_two_claims_counts_and_is_told(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    dmar_begin(&b, 1);
    dmar_unit(&b, LISTED, 0, 0xfed90000, "e00:02.0 e00:02.0");
    dmar_unit(&b, LISTED, 0, 0xfed91000, "e00:02.0 e00:14.0");
    iommu_scene(&s, "acpi/DMAR", acpi_end(&b), GPU XHCI);
    assert_coverage(&s, V_PASS, ST_OK, (struct counts){2, 0, 0});
    assert_behind(&s, "0000:00:02.0", LIST);
    assert_behind(&s, "0000:00:14.0", REST);
    assert_true(scene_notes(&s, "claim a device which another DRHD already claims: 1;"));
    scene_end(&s);
}

static void an_endpoint_scope_of_a_bridge_covers_nothing_below_it(void **state)
{
    (void)state;
    struct scene s;
    judge_listed(&s, "e00:1c.0 b00:02.0",
                 GPU BRIDGE("0000:00:1c.0", "02", "02", "") FN("0000:02:00.0", "010802", ""));
    assert_behind(&s, "0000:00:1c.0", LIST);
    assert_behind(&s, "0000:00:02.0", LIST);
    assert_behind(&s, "0000:02:00.0", NULL);
    assert_coverage(&s, V_FAIL, ST_OK, (struct counts){2, 1, 0});
    assert_true(scene_notes(&s, "call a bridge an endpoint or an endpoint a bridge: 2"));
    scene_end(&s);
}

static void scopes_of_other_kinds_cover_no_function(void **state)
{
    (void)state;
    static const char *const scopes[] = {"i00:14.0", "h00:14.0", "n00:14.0"};
    for (size_t i = 0; i < COUNT(scopes); i++) {
        struct scene s;
        judge_listed(&s, scopes[i], XHCI);
        assert_behind(&s, "0000:00:14.0", NULL);
        assert_coverage(&s, V_FAIL, ST_OK, (struct counts){1, 1, 0});
        assert_units(&s, 1, 0);
        scene_end(&s);
    }
}

static void a_virtual_function_stands_where_its_physical_one_does(void **state)
{
    (void)state;
    struct scene s;
    judge_listed(&s, "e01:00.0",
                 BRIDGE("0000:00:1c.0", "01", "02", "") FN("0000:01:00.0", "020000", "")
                     FN("0000:02:10.0", "020000", " physfn=0000:01:00.0")
                         FN("0000:02:10.1", "020000", " physfn=0000:01:00.1"));
    assert_behind(&s, "0000:01:00.0", LIST);
    assert_behind(&s, "0000:02:10.0", LIST);
    assert_behind(&s, "0000:02:10.1", NULL); /* its physical function is not in the list */
    assert_coverage(&s, V_FAIL, ST_OK, (struct counts){3, 1, 0});
    scene_end(&s);
}

#define VMD(at)  FN(at, "010400", " vendor=8086 device=9a0b")
#define BEHIND_A " owner=0000:00:0e.0"
#define DRIVE    "10000:01:00.0"

static void drives_behind_vmd_stand_where_their_controller_does(void **state)
{
    (void)state;
    static const struct {
        const char *pci;
        enum status st;
        const char *unit;
    } rows[] = {
        {VMD("0000:00:0e.0") FN(DRIVE, "010802", BEHIND_A), ST_OK, LIST},
        {VMD("0000:00:0e.0") FN(DRIVE, "010802", ""), ST_OK, LIST},
        {VMD("0000:00:0e.0") VMD("0000:80:0e.0") FN(DRIVE, "010802", BEHIND_A), ST_OK, LIST},
        {VMD("0000:00:0e.0") VMD("0000:80:0e.0") FN(DRIVE, "010802", ""), ST_OK, LIST},
        {XHCI FN(DRIVE, "010802", ""), ST_NOT_COLLECTED, NULL},
        {XHCI FN(DRIVE, "010802", BEHIND_A), ST_NOT_COLLECTED, NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        judge_listed(&s, "e00:0e.0 e80:0e.0 e00:14.0", rows[i].pci);
        bool known = rows[i].st == ST_OK;
        int functions = (int)s.report.facts.iommu->n_functions;
        assert_behind(&s, DRIVE, rows[i].unit);
        assert_coverage(&s, known ? V_PASS : V_UNKNOWN, rows[i].st,
                        (struct counts){functions, known ? 0 : UNTOLD, 0});
        if (!known)
            assert_finding(&s, "iommu.coverage", DRIVE, "which VMD controller");
        scene_end(&s);
    }
}

static void a_controller_behind_no_unit_leaves_its_drives_uncovered(void **state)
{
    (void)state;
    struct scene s;
    judge_listed(&s, "e00:14.0", XHCI VMD("0000:00:0e.0") FN(DRIVE, "010802", BEHIND_A));
    assert_coverage(&s, V_FAIL, ST_OK, (struct counts){3, 2, 0});
    assert_behind(&s, DRIVE, NULL);
    assert_finding(&s, "iommu.coverage", DRIVE, "no DRHD lists it");
    scene_end(&s);
}

static void memory_that_stays_open_is_a_note_and_no_finding(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    dmar_begin(&b, 1);
    dmar_unit(&b, ALL, 0, 0xfed91000, "");
    dmar_memory(&b, 0x8d000000, 0x8f7fffff, "e00:02.0 e00:14.0 e00:1a.0");
    dmar_memory(&b, 0x1000, 0x1fff, "e00:1d.0");
    iommu_scene(&s, "acpi/DMAR", acpi_end(&b), GPU XHCI);
    assert_coverage(&s, V_PASS, ST_OK, (struct counts){2, 0, 0});
    assert_true(scene_notes(&s, "memory 8d000000-8f7fffff stays open to DMA by 0000:00:02.0, "
                                "0000:00:14.0 in any case (RMRR)"));
    assert_false(scene_notes(&s, "memory 1000-1fff"));
    assert_int_equal(s.report.facts.n_findings, 0);
    scene_end(&s);
}

static void the_notes_on_open_memory_end_somewhere(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    dmar_begin(&b, 1);
    dmar_unit(&b, ALL, 0, 0xfed91000, "");
    for (unsigned i = 0; i < 18; i++)
        dmar_memory(&b, 0x1000 * i, 0x1000 * i + 0xfff, "e00:02.0");
    iommu_scene(&s, "acpi/DMAR", acpi_end(&b), GPU);
    assert_true(scene_notes(&s, "memory f000-ffff"));
    assert_false(scene_notes(&s, "memory 10000-10fff"));
    assert_true(scene_notes(&s, "2 more RMRRs"));
    scene_end(&s);
}

static void bridges_that_do_not_tell_their_buses_are_no_failure(void **state)
{
    (void)state;
    struct scene s;
    judge_listed(&s, "b00:1c.0 e00:14.0",
                 XHCI FN("0000:00:1c.0", "060400", "") FN("0000:02:00.0", "010802", ""));
    assert_coverage(&s, V_UNKNOWN, ST_NOT_COLLECTED, (struct counts){2, UNTOLD, 0});
    assert_finding(&s, "iommu.coverage", "0000:02:00.0", "which buses are behind the bridges");
    scene_end(&s);

    /* A function of the root bus is below no bridge whatever they pass on. */
    judge_listed(&s, "b00:1c.0", XHCI FN("0000:00:1c.0", "060400", ""));
    assert_coverage(&s, V_FAIL, ST_OK, (struct counts){1, 1, 0});
    scene_end(&s);

    /* Behind some unit it is anyway. */
    judge_scopes(&s, "b00:1c.0", FN("0000:00:1c.0", "060400", "") FN("0000:02:00.0", "010802", ""));
    assert_coverage(&s, V_PASS, ST_OK, (struct counts){1, 0, 0});
    scene_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_endpoint_scope_takes_one_function_from_the_rest),
        cmocka_unit_test(a_bridge_scope_takes_all_below_at_any_depth),
        cmocka_unit_test(a_path_goes_through_the_buses_that_the_system_gave),
        cmocka_unit_test(a_two_hop_bridge_scope_takes_what_is_below_its_end),
        cmocka_unit_test(one_hop_from_a_bus_that_is_no_root_bus_is_understood),
        cmocka_unit_test(the_rest_is_that_of_one_segment),
        cmocka_unit_test(several_segments_have_several_rests),
        cmocka_unit_test(a_bypassed_bridge_leaves_all_below_it_uncovered),
        cmocka_unit_test(a_scope_of_what_is_not_there_covers_nothing),
        cmocka_unit_test(a_path_does_not_go_round_in_circles),
        cmocka_unit_test(the_first_of_two_claims_counts_and_is_told),
        cmocka_unit_test(an_endpoint_scope_of_a_bridge_covers_nothing_below_it),
        cmocka_unit_test(scopes_of_other_kinds_cover_no_function),
        cmocka_unit_test(a_virtual_function_stands_where_its_physical_one_does),
        cmocka_unit_test(drives_behind_vmd_stand_where_their_controller_does),
        cmocka_unit_test(a_controller_behind_no_unit_leaves_its_drives_uncovered),
        cmocka_unit_test(memory_that_stays_open_is_a_note_and_no_finding),
        cmocka_unit_test(the_notes_on_open_memory_end_somewhere),
        cmocka_unit_test(bridges_that_do_not_tell_their_buses_are_no_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
