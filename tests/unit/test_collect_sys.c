/* SPDX-License-Identifier: MIT */
/* What drivers show of KVM, IOMMUs and Thunderbolt, against trees that the tests make. */
#define _GNU_SOURCE 1
#include "probe/probe.h"
#include "test_collect_here.h"
#include "test_collect_tree.h"

static const char *const wants[] = {"sys/", NULL};
static const struct probe probe = {.name = "sys", .wants = wants};
const struct probe *const probes[] = {&probe};
const size_t n_probes = 1;

static struct snapshot collect_tree(struct tree *t)
{
    struct snapshot s;
    assert_int_equal(here_collect(t->dir, &t->arena, &s), ST_OK);
    return s;
}

static struct blob get(struct tree *t, const char *name)
{
    struct snapshot s = collect_tree(t);
    return snap_get(&s, name);
}

static void assert_text(struct blob b, const char *text)
{
    assert_int_equal(b.st, ST_OK);
    assert_int_equal(b.data.len, strlen(text));
    assert_memory_equal(b.data.ptr, text, b.data.len);
}

static void describes_kvm_iommus_and_thunderbolt(void **state)
{
    struct tree *t = *state;
    tree_folder(t, "sys/class/misc/kvm");
    tree_file(t, "sys/module/kvm_intel/parameters/ept", "Y\n");
    tree_file(t, "sys/module/kvm_amd/parameters/npt", "1\n");
    tree_file(t, "sys/class/iommu/dmar0/intel-iommu/cap", "c0\n");
    tree_file(t, "sys/class/iommu/dmar0/intel-iommu/ecap", "f0\n");
    tree_folder(t, "sys/class/iommu/smmu3.0x1");
    tree_folder(t, "sys/kernel/iommu_groups/0");
    tree_folder(t, "sys/kernel/iommu_groups/1");
    tree_file(t, "sys/bus/thunderbolt/devices/domain0/iommu_dma_protection", "1\n");
    struct snapshot s = collect_tree(t);
    assert_text(snap_get(&s, "sys/kvm"),
                "kvm\nkvm_intel\nkvm_amd\nkvm_intel ept Y\nkvm_amd npt 1\n");
    assert_text(snap_get(&s, "sys/iommu"),
                "unit dmar0 cap c0\nunit dmar0 ecap f0\nunit smmu3.0x1\ngroups 2\n");
    assert_text(snap_get(&s, "sys/thunderbolt"), "domain0 iommu_dma_protection 1\n");
}

static void put_type(struct tree *t, unsigned group, const char *type)
{
    tree_file(t, arena_printf(&t->arena, "sys/kernel/iommu_groups/%u/type", group), type);
}

static void counts_the_types_of_iommu_groups(void **state)
{
    struct tree *t = *state;
    tree_folder(t, "sys/class/iommu");
    tree_folder(t, "sys/kernel/iommu_groups/0"); /* as older kernels show it */
    assert_text(get(t, "sys/iommu"), "groups 1\n");
    put_type(t, 1, "identity\n");
    put_type(t, 2, "DMA-FQ\n");
    put_type(t, 3, "identity\n");
    put_type(t, 4, "DMA\n");
    assert_text(get(t, "sys/iommu"), "groups 5\ntype DMA 1\ntype DMA-FQ 1\ntype identity 2\n");
}

static void counts_no_type_that_is_none(void **state)
{
    struct tree *t = *state;
    tree_folder(t, "sys/class/iommu");
    put_type(t, 1, "");
    put_type(t, 2, "\n");
    put_type(t, 3, "0123456789abcdef0123456789abcdef\n"); /* longer than any */
    tree_folder(t, "sys/kernel/iommu_groups/4/type");
    tree_bytes(t, "sys/kernel/iommu_groups/5/type", "\0DMA", 4);
    put_type(t, 6, "D\033A B\ngroups 7\n");
    assert_text(get(t, "sys/iommu"), "groups 6\ntype D?A 1\n");
}

static void names_at_most_eight_types_of_groups(void **state)
{
    struct tree *t = *state;
    tree_folder(t, "sys/class/iommu");
    for (unsigned i = 0; i < 9; i++)
        put_type(t, i, arena_printf(&t->arena, "t%u\n", 8 - i));
    assert_text(get(t, "sys/iommu"), "groups 9\ntype t1 1\ntype t2 1\ntype t3 1\ntype t4 1\n"
                                     "type t5 1\ntype t6 1\ntype t7 1\ntype t8 1\n");
}

static bool type_is_not_counted(struct tree *t)
{
    struct snapshot s;
    return here_collect(t->dir, &t->arena, &s) == ST_OK &&
           span_is(snap_get(&s, "sys/iommu").data, "groups 2\ntype DMA 1\n");
}

static void counts_no_type_that_it_may_not_read(void **state)
{
    struct tree *t = *state;
    tree_folder(t, "sys/class/iommu");
    put_type(t, 0, "DMA\n");
    put_type(t, 1, "DMA\n");
    assert_int_equal(fchmodat(t->fd, "sys/kernel/iommu_groups/1/type", 0, 0), 0);
    assert_true(tree_as_nobody(type_is_not_counted, t));
}

#define THUNDERBOLT "sys/bus/thunderbolt/devices/"

static void names_the_controller_of_a_thunderbolt_domain(void **state)
{
    struct tree *t = *state;
    const char *domain = "sys/devices/pci0000:00/0000:00:0d.2/domain0";
    tree_file(t, arena_printf(&t->arena, "%s/iommu_dma_protection", domain), "1\n");
    tree_folder(t, THUNDERBOLT "0-0");
    assert_int_equal(
        symlinkat("../../../devices/pci0000:00/0000:00:0d.2/domain0", t->fd, THUNDERBOLT "domain0"),
        0);
    assert_text(get(t, "sys/thunderbolt"), "domain0 iommu_dma_protection 1\n"
                                           "domain0 controller 0000:00:0d.2\n");
}

static void names_no_controller_but_a_pci_function(void **state)
{
    struct tree *t = *state;
    tree_folder(t, THUNDERBOLT "domain0");
    assert_int_equal(symlinkat("domain1", t->fd, THUNDERBOLT "domain1"), 0);
    assert_int_equal(symlinkat("/devices/platform/apple/domain2", t->fd, THUNDERBOLT "domain2"), 0);
    assert_int_equal(symlinkat("/0000:00:0d.2/domain4", t->fd, THUNDERBOLT "domain3"), 0);
    assert_int_equal(symlinkat("/0000:00:0d.2/domain", t->fd, THUNDERBOLT "domain\nx"), 0);
    assert_text(get(t, "sys/thunderbolt"), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_tree(describes_kvm_iommus_and_thunderbolt),
        with_tree(counts_the_types_of_iommu_groups),
        with_tree(counts_no_type_that_is_none),
        with_tree(names_at_most_eight_types_of_groups),
        with_tree(counts_no_type_that_it_may_not_read),
        with_tree(names_the_controller_of_a_thunderbolt_domain),
        with_tree(names_no_controller_but_a_pci_function),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
