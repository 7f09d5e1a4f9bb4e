/* SPDX-License-Identifier: MIT */
/* MCFG and VIOT, from blobs to notes. */
#include "support/cmocka.h"

#include "support/iommu.h"
#include "support/tables.h"
#include "vbscheck/count.h"

#define NVME FN("0000:01:00.0", "010802", "")

static void segments_that_nobody_lists_functions_of_are_noted(void **state)
{
    (void)state;
    static const struct {
        const char *pci;
        bool noted;
    } rows[] = {
        {NVME, true},
        {NVME FN("0003:00:00.0", "010802", ""), false},
        {FN("0001:00:00.0", "010802", ""), false}, /* of no segment of the table: another story */
        {NULL, false},
    };
    static struct build b;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        iommu_scene(&s, "acpi/MCFG", table_mcfg(&b), rows[i].pci);
        assert_int_equal(scene_fact(&s, "mcfg.segments")->v.u, 2);
        assert_int_equal(scene_notes(&s, "lists 2 PCI segments"), rows[i].noted);
        assert_int_equal(scene_notes(&s, "covers only 1"), rows[i].noted);
        scene_end(&s);
    }
}

static void a_virtio_iommu_is_told_and_counts_for_nothing(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    iommu_scene(&s, "acpi/VIOT", table_viot(&b), NVME);
    assert_true(scene_fact(&s, "viot.present")->v.b);
    assert_int_equal(scene_fact(&s, "viot.units")->v.u, 2);
    assert_true(scene_notes(&s, "virtio-iommus described, which are not judged: 2"));
    assert_units(&s, 0, 0);
    assert_coverage(&s, V_FAIL, ST_OK, (struct counts){1, 1, 0});
    scene_end(&s);

    b.bytes[40] ^= 1;
    iommu_scene(&s, "acpi/VIOT", build_span(&b), NVME);
    assert_int_equal(scene_fact(&s, "viot.units")->st, ST_MALFORMED);
    assert_true(scene_notes(&s, "the table cannot be judged"));
    scene_end(&s);

    iommu_scene(&s, "acpi/WSMT", table_wsmt(&b, 7), NVME);
    assert_false(scene_fact(&s, "viot.present")->v.b);
    assert_int_equal(scene_fact(&s, "viot.units")->v.u, 0);
    assert_false(scene_notes(&s, "virtio"));
    scene_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(segments_that_nobody_lists_functions_of_are_noted),
        cmocka_unit_test(a_virtio_iommu_is_told_and_counts_for_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
