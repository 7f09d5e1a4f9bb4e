/* SPDX-License-Identifier: MIT */
#include "parse/klog/klog_groups.h"

#include <string.h>

#include "support/cmocka.h"
#include "support/torture.h"
#include "vbscheck/count.h"

#define TEXT                                                                                       \
    "[    0.1] iommu: Adding device 0000:00:02.0 to group 1\n[    0.1] something else\n"           \
    "<6>[    0.2] pci 10000:e0:06.0: Adding to iommu group 12\n"                                   \
    "Nov 22 15:00:00 host kernel: xhci_hcd 0000:00:14.0: Adding to iommu group 0\n"

static void reads_both_forms(void **state)
{
    (void)state;
    static const struct klog_group want[] = {
        {{.domain = 0, .bus = 0, .device = 2, .function = 0}, 1},
        {{.domain = 0x10000, .bus = 0xe0, .device = 6, .function = 0}, 12},
        {{.domain = 0, .bus = 0, .device = 0x14, .function = 0}, 0},
    };
    struct span rest = span_of(TEXT);
    struct klog_group g;
    for (size_t i = 0; i < COUNT(want); i++) {
        assert_true(klog_groups_next(&rest, &g));
        assert_int_equal(pci_address_compare(g.at, want[i].at), 0);
        assert_int_equal(g.group, want[i].group);
    }
    g.group = 77;
    assert_false(klog_groups_next(&rest, &g));
    assert_int_equal(g.group, 77); /* untouched */
}

static void lines_of_other_meaning_name_no_group(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "",
        "pci 0000:00:1f.0: Adding to iommu group",
        "pci 0000:00:1f.0: Adding to iommu group x",
        "pci 0000:00:1f.0: Adding to iommu group 2147483648",
        "pci 0000:00:1f.0 Adding to iommu group 1",
        "pci 0000:00:1f: Adding to iommu group 1",
        "pci 0000:00:1f.0: Removing from iommu group 1",
        "iommu: Adding device 0000:00:1f.0 to group ",
        "iommu: Adding device 0000:00:1f to group 1",
        "usb iommu: Adding device 0000:00:1f.0 to group 1",
    };
    for (size_t i = 0; i < COUNT(lines); i++) {
        struct span rest = span_of(lines[i]);
        struct klog_group g;
        if (klog_groups_next(&rest, &g))
            fail_msg("believed: %s", lines[i]);
    }
}

static enum status parse(struct span input)
{
    struct klog_group g;
    for (size_t left = input.len; klog_groups_next(&input, &g); left = input.len)
        assert_true(g.group >= 0 && input.len < left);
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
        cmocka_unit_test(reads_both_forms),
        cmocka_unit_test(lines_of_other_meaning_name_no_group),
        cmocka_unit_test(any_text_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
