/* SPDX-License-Identifier: MIT */
/* Which SMMU a function is behind: root complexes and ID mappings, from blobs to rules. */
#include "support/cmocka.h"

#include "support/iommu.h"
#include "vbscheck/count.h"

#define V3   "SMMUv3 9050000"
#define V3_B "SMMUv3 9060000"
#define V2   "SMMU 9070000"
#define NVME FN("0000:01:00.0", "010802", "")

enum { SINGLE = 1, EVERY = 0xffff };

/* The nodes that mappings can lead to, always in this order, then root complexes. */
struct nodes {
    uint32_t its, v3, v3_b, v2;
};

static struct nodes begin(struct build *b, unsigned root_complexes)
{
    struct nodes n;
    iort_begin(b, 4 + root_complexes);
    n.its = iort_its(b);
    n.v3 = iort_smmu(b, 4, 0x9050000);
    n.v3_b = iort_smmu(b, 4, 0x9060000);
    n.v2 = iort_smmu(b, 3, 0x9070000);
    return n;
}

static void a_root_complex_leads_to_its_smmu(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    struct nodes n = begin(&b, 1);
    iort_root(&b, 0, 1);
    iort_map(&b, 0, EVERY, n.v3, 0);
    iommu_scene(&s, "acpi/IORT", acpi_end(&b),
                NVME FN("0000:00:00.0", "060000", "") FN("0000:ff:1f.7", "010802", ""));
    assert_coverage(&s, V_PASS, ST_OK, (struct counts){2, 0, 0});
    assert_behind(&s, "0000:01:00.0", V3);
    assert_behind(&s, "0000:ff:1f.7", V3);
    assert_units(&s, 3, 1);
    assert_int_equal(s.report.facts.iommu->units[0].kind, IOMMU_SMMU);
    assert_int_equal(s.report.facts.iommu->units[0].offset, n.v3);
    assert_verdict(&s, "iommu.dma-opt-in", V_NOT_APPLICABLE);
    scene_end(&s);
}

static void an_smmu_of_version_2_is_one_too(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    struct nodes n = begin(&b, 1);
    iort_root(&b, 0, 1);
    iort_map(&b, 0, EVERY, n.v2, 0);
    iommu_scene(&s, "acpi/IORT", acpi_end(&b), NVME);
    assert_coverage(&s, V_PASS, ST_OK, (struct counts){1, 0, 0});
    assert_behind(&s, "0000:01:00.0", V2);
    assert_verdict(&s, "iommu.translation", V_PASS);
    scene_end(&s);
}

/* Of two mappings that meet at 0100h by a count one too high, that which starts there has it. */
static void a_count_off_by_one_takes_no_id_from_the_next_mapping(void **state)
{
    (void)state;
    static struct build b;
    for (unsigned order = 0; order < 2; order++) {
        struct scene s;
        struct nodes n = begin(&b, 1);
        iort_root(&b, 0, 2);
        if (order == 1)
            iort_map(&b, 0x100, 0x100, n.v3_b, 0);
        iort_map(&b, 0, 0x100, n.v3, 0);
        if (order == 0)
            iort_map(&b, 0x100, 0x100, n.v3_b, 0);
        iommu_scene(&s, "acpi/IORT", acpi_end(&b),
                    FN("0000:00:1f.7", "010802", "") NVME FN("0000:02:00.0", "010802", "")
                        FN("0000:02:00.1", "010802", ""));
        assert_behind(&s, "0000:00:1f.7", V3);
        assert_behind(&s, "0000:01:00.0", V3_B);
        assert_behind(&s, "0000:02:00.0", V3_B); /* the last: nobody else wants it */
        assert_behind(&s, "0000:02:00.1", NULL);
        assert_coverage(&s, V_FAIL, ST_OK, (struct counts){4, 1, 0});
        assert_units(&s, 3, 2);
        scene_end(&s);
    }
}

/* QEMU: what bypasses the SMMU goes to the ITS, and the SMMU's mapping counts one too many. */
static void the_id_after_an_smmus_last_is_the_its_where_that_starts_there(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    struct nodes n = begin(&b, 1);
    iort_root(&b, 0, 2);
    iort_map(&b, 0, 0x100, n.v3, 0);
    iort_map(&b, 0x100, 0x100, n.its, 0);
    iommu_scene(&s, "acpi/IORT", acpi_end(&b), FN("0000:00:1f.7", "010802", "") NVME);
    assert_behind(&s, "0000:00:1f.7", V3);
    assert_behind(&s, "0000:01:00.0", NULL);
    assert_coverage(&s, V_FAIL, ST_OK, (struct counts){2, 1, 0});
    assert_finding(&s, "iommu.coverage", "0000:01:00.0", "goes past every SMMU");
    scene_end(&s);
}

static void one_id_mapped_by_itself_is_mapped(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    struct nodes n = begin(&b, 1);
    iort_root(&b, 0, 1);
    iort_map(&b, 0x100, 0, n.v3, 0);
    iommu_scene(&s, "acpi/IORT", acpi_end(&b), NVME FN("0000:01:00.1", "010802", ""));
    assert_behind(&s, "0000:01:00.0", V3);
    assert_behind(&s, "0000:01:00.1", NULL);
    assert_finding(&s, "iommu.coverage", "0000:01:00.1", "not mapped to an SMMU");
    scene_end(&s);
}

static void one_id_is_no_last_of_others(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    struct nodes n = begin(&b, 2);
    iort_root(&b, 0, 2);
    iort_map(&b, 0, 0x100, n.v3, 0);
    iort_map(&b, 0x100, 0, n.v3_b, 0);
    iort_root(&b, 1, 1);
    iort_map(&b, 0, 0, n.v3, 0);
    iommu_scene(&s, "acpi/IORT", acpi_end(&b),
                NVME FN("0001:00:00.0", "010802", "") FN("0001:00:00.1", "010802", ""));
    assert_behind(&s, "0000:01:00.0", V3_B);
    assert_behind(&s, "0001:00:00.0", V3);
    assert_behind(&s, "0001:00:00.1", NULL);
    assert_coverage(&s, V_FAIL, ST_OK, (struct counts){3, 1, 0});
    scene_end(&s);
}

static void an_interrupt_controller_covers_nothing(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    struct nodes n = begin(&b, 1);
    iort_root(&b, 0, 1);
    iort_map(&b, 0, EVERY, n.its, 0);
    iommu_scene(&s, "acpi/IORT", acpi_end(&b), NVME);
    assert_coverage(&s, V_FAIL, ST_OK, (struct counts){1, 1, 0});
    assert_finding(&s, "iommu.coverage", "0000:01:00.0", "goes past every SMMU");
    assert_units(&s, 3, 0);
    scene_end(&s);
}

static void of_two_root_complexes_one_may_be_left_out(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    struct nodes n = begin(&b, 3);
    iort_root(&b, 0, 1);
    iort_map(&b, 0, EVERY, n.v3, 0);
    iort_root(&b, 1, 1);
    iort_map(&b, 0, EVERY, n.v3_b, 0);
    iort_root(&b, 2, 0);
    iommu_scene(&s, "acpi/IORT", acpi_end(&b),
                NVME FN("0001:01:00.0", "010802", "") FN("0002:01:00.0", "010802", "")
                    FN("0003:01:00.0", "010802", ""));
    assert_behind(&s, "0000:01:00.0", V3);
    assert_behind(&s, "0001:01:00.0", V3_B);
    assert_coverage(&s, V_FAIL, ST_OK, (struct counts){4, 2, 0});
    assert_finding(&s, "iommu.coverage", "0002:01:00.0", "not mapped to an SMMU");
    assert_finding(&s, "iommu.coverage", "0003:01:00.0", "no root complex of its segment");
    scene_end(&s);
}

static void two_root_complexes_of_a_segment_share_its_ids(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    struct nodes n = begin(&b, 2);
    iort_root(&b, 0, 1);
    iort_map(&b, 0, 0x7fff, n.v3, 0);
    iort_root(&b, 0, 1);
    iort_map(&b, 0x8000, 0x7fff, n.v3_b, 0);
    iommu_scene(&s, "acpi/IORT", acpi_end(&b), NVME FN("0000:80:00.0", "010802", ""));
    assert_coverage(&s, V_PASS, ST_OK, (struct counts){2, 0, 0});
    assert_behind(&s, "0000:01:00.0", V3);
    assert_behind(&s, "0000:80:00.0", V3_B);
    assert_units(&s, 3, 2);
    scene_end(&s);
}

static void a_single_mapping_takes_any_id(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    struct nodes n = begin(&b, 1);
    iort_root(&b, 0, 1);
    iort_map(&b, 0x10000, 0, n.v3, SINGLE);
    iommu_scene(&s, "acpi/IORT", acpi_end(&b), NVME FN("0000:ff:1f.7", "010802", ""));
    assert_coverage(&s, V_PASS, ST_OK, (struct counts){2, 0, 0});
    assert_behind(&s, "0000:ff:1f.7", V3);
    scene_end(&s);
}

static void ids_that_no_requester_has_are_not_understood(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    struct nodes n = begin(&b, 2);
    iort_root(&b, 0, 2);
    iort_map(&b, 0x10000, EVERY, n.v2, 0);
    iort_map(&b, 0x87030000, EVERY, n.v2, 0);
    iort_root(&b, 1, 2);
    iort_map(&b, 0xffff, 0, n.v2, 0); /* one that can be met is enough to judge */
    iort_map(&b, 0x87030000, EVERY, n.v2, 0);
    iommu_scene(&s, "acpi/IORT", acpi_end(&b), NVME);
    assert_coverage(&s, V_UNKNOWN, ST_UNSUPPORTED, (struct counts){1, UNTOLD, 0});
    assert_finding(&s, "iommu.coverage", "0000:01:00.0", "ids that are not requester ids");
    scene_end(&s);

    iommu_scene(&s, "acpi/IORT", acpi_end(&b), FN("0001:01:00.0", "010802", ""));
    assert_coverage(&s, V_FAIL, ST_OK, (struct counts){1, 1, 0});
    scene_end(&s);
}

static void a_root_complex_that_leads_to_another_is_malformed(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    (void)begin(&b, 2);
    uint32_t first = iort_root(&b, 1, 0);
    iort_root(&b, 0, 1);
    iort_map(&b, 0, EVERY, first, 0);
    iommu_scene(&s, "acpi/IORT", acpi_end(&b), NVME);
    assert_coverage(&s, V_UNKNOWN, ST_MALFORMED, (struct counts){1, UNTOLD, 0});
    assert_finding(&s, "iommu.coverage", "0000:01:00.0", "or to an impossible one");
    scene_end(&s);
}

static void an_id_that_goes_two_ways_is_malformed(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    struct nodes n = begin(&b, 1);
    iort_root(&b, 0, 2);
    iort_map(&b, 0, EVERY, n.v3, 0);
    iort_map(&b, 0x100, 0xff, n.its, 0);
    iommu_scene(&s, "acpi/IORT", acpi_end(&b), FN("0000:00:1f.7", "010802", "") NVME);
    assert_behind(&s, "0000:00:1f.7", V3);
    assert_behind(&s, "0000:01:00.0", NULL);
    assert_coverage(&s, V_UNKNOWN, ST_MALFORMED, (struct counts){2, UNTOLD, 0});
    assert_finding(&s, "iommu.coverage", "0000:01:00.0", "mapped to two places");
    scene_end(&s);
}

/* What stands above a conventional device, and which ids are mapped. */
static void the_id_of_a_conventional_bridge_must_be_mapped_too(void **state)
{
    (void)state;
#define PORT   BRIDGE("0000:00:01.0", "02", "03", " express=1")
#define DEVICE FN("0000:03:05.0", "020000", " express=0")
    static const struct {
        const char *pci;
        uint32_t first, count;
        bool covered;
    } rows[] = {
        {PORT BRIDGE("0000:02:00.0", "03", "03", " express=1") DEVICE, 0x300, 0xff, true},
        {PORT BRIDGE("0000:02:00.0", "03", "03", " express=1") DEVICE, 0x301, 0xfe, false},
        {PORT BRIDGE("0000:02:00.0", "03", "03", " express=0") DEVICE, 0x200, 0x1ff, true},
        {PORT BRIDGE("0000:02:00.0", "03", "03", " express=0") DEVICE, 0x300, 0xff, false},
        /* Linux before 4.13 says 0 of all: then only the function's own id counts. */
        {BRIDGE("0000:02:00.0", "03", "03", " express=0") DEVICE, 0x300, 0xff, true},
    };
    static struct build b;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        struct nodes n = begin(&b, 1);
        iort_root(&b, 0, 1);
        iort_map(&b, rows[i].first, rows[i].count, n.v3, 0);
        iommu_scene(&s, "acpi/IORT", acpi_end(&b), rows[i].pci);
        if ((unit_behind(&s, "0000:03:05.0") != NULL) != rows[i].covered)
            fail_msg("row %zu", i);
        assert_coverage(&s, rows[i].covered ? V_PASS : V_FAIL, ST_OK,
                        (struct counts){1, rows[i].covered ? 0 : 1, 0});
        if (!rows[i].covered)
            assert_finding(&s, "iommu.coverage", "0000:03:05.0", "the id of a bridge above it");
        scene_end(&s);
    }
}

static void memory_that_stays_open_is_counted(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    struct nodes n = begin(&b, 2);
    iort_root(&b, 0, 1);
    iort_map(&b, 0, EVERY, n.v3, 0);
    iort_memory(&b, 3);
    iommu_scene(&s, "acpi/IORT", acpi_end(&b), NVME);
    assert_coverage(&s, V_PASS, ST_OK, (struct counts){1, 0, 0});
    assert_true(scene_notes(&s, "stay open to DMA by the devices firmware names (RMR): 3"));
    scene_end(&s);
}

/* On Arm a device gets its group with its driver. */
static void a_function_without_a_group_is_no_dispute_on_arm(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    struct nodes n = begin(&b, 1);
    iort_root(&b, 0, 1);
    iort_map(&b, 0, EVERY, n.v3, 0);
    iommu_scene(&s, "acpi/IORT", acpi_end(&b),
                FN("0000:01:00.0", "010802", " group=0") FN("0000:02:00.0", "028000", ""));
    assert_coverage(&s, V_PASS, ST_OK, (struct counts){2, 0, 0});
    assert_false(scene_notes(&s, "graphics controller"));
    scene_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_root_complex_leads_to_its_smmu),
        cmocka_unit_test(an_smmu_of_version_2_is_one_too),
        cmocka_unit_test(a_count_off_by_one_takes_no_id_from_the_next_mapping),
        cmocka_unit_test(the_id_after_an_smmus_last_is_the_its_where_that_starts_there),
        cmocka_unit_test(one_id_mapped_by_itself_is_mapped),
        cmocka_unit_test(one_id_is_no_last_of_others),
        cmocka_unit_test(an_interrupt_controller_covers_nothing),
        cmocka_unit_test(of_two_root_complexes_one_may_be_left_out),
        cmocka_unit_test(two_root_complexes_of_a_segment_share_its_ids),
        cmocka_unit_test(a_single_mapping_takes_any_id),
        cmocka_unit_test(ids_that_no_requester_has_are_not_understood),
        cmocka_unit_test(a_root_complex_that_leads_to_another_is_malformed),
        cmocka_unit_test(an_id_that_goes_two_ways_is_malformed),
        cmocka_unit_test(the_id_of_a_conventional_bridge_must_be_mapped_too),
        cmocka_unit_test(memory_that_stays_open_is_counted),
        cmocka_unit_test(a_function_without_a_group_is_no_dispute_on_arm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
