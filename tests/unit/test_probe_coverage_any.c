/* SPDX-License-Identifier: MIT */
/* What must hold of any machine: thousands of them, of one compiler the same. */
#include "support/cmocka.h"

#include <string.h>

#include "support/iommu.h"
#include "vbscheck/count.h"

enum { MACHINES = 4000, FUNCTIONS = 12 };

static uint32_t seed = 1;

/* Below n. */
static unsigned any(unsigned n)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 12) % n;
}

/* Few buses, devices and functions, so that they meet. */
static struct pci_address any_address(void)
{
    static const uint32_t domains[] = {0, 0, 0, 1, 0x10000};
    return (struct pci_address){
        .domain = domains[any(COUNT(domains))],
        .bus = (uint8_t)any(4),
        .device = (uint8_t)any(3),
        .function = (uint8_t)any(2),
    };
}

static const char *any_function(struct arena *a)
{
    static const char *const kinds[] = {
        " class=010802",
        " class=030000",
        " class=0c0330",
        " class=060000",
        " class=088000",
        " class=010400 vmd=1",
        "",
        " class=060400 header=01",
        " class=060400",
        " class=088000 master=1",
    };
    static const char *const more[] = {
        "", " group=1", " express=1", " express=0", " external=1", " thunderbolt=1",
    };
    const char *text =
        arena_printf(a, "%s%s%s%s", pci_address_text(a, any_address()), kinds[any(COUNT(kinds))],
                     more[any(COUNT(more))], more[any(COUNT(more))]);
    if (any(3) == 0)
        text = arena_printf(a, "%s header=01 secondary=%x subordinate=%x", text, any(5), any(5));
    if (any(6) == 0)
        text = arena_printf(a, "%s physfn=%s", text, pci_address_text(a, any_address()));
    if (any(6) == 0)
        text = arena_printf(a, "%s owner=%s", text, pci_address_text(a, any_address()));
    return text;
}

static void add_functions(struct scene *s)
{
    const char *text = "";
    for (unsigned i = any(FUNCTIONS); i > 0; i--)
        text = arena_printf(&s->arena, "%s%s\n", text, any_function(&s->arena));
    scene_text(s, "pci", text);
}

static void add_dmar(struct scene *s, struct build *b, const char *name)
{
    dmar_begin(b, any(8));
    for (unsigned units = any(4); units > 0; units--) {
        const char *scopes = "";
        for (unsigned n = any(4); n > 0; n--) {
            scopes = arena_printf(&s->arena, "%s %c%x:%x.%x", scopes, "ebihn"[any(5)], any(4),
                                  any(3), any(9));
            for (unsigned hops = any(3); hops > 0; hops--)
                scopes = arena_printf(&s->arena, "%s/%x.%x", scopes, any(33), any(2));
        }
        dmar_unit(b, any(4) == 0, any(2), 0xfed90000 + 0x1000 * any(3), scopes);
    }
    dmar_memory(b, 0, 0xfff, "e0:1.0");
    scene_bytes(s, name, acpi_end(b));
}

static void add_ivrs(struct scene *s, struct build *b)
{
    static const unsigned types[] = {0x10, 0x11, 0x40};
    ivrs_begin(b, any(4));
    for (unsigned blocks = any(4); blocks > 0; blocks--) {
        size_t block = ivhd_open(b, (struct ivhd_head){.type = types[any(3)],
                                                       .device = any(3),
                                                       .segment = any(2),
                                                       .base = 0x1000 * any(3),
                                                       .attributes = any(2),
                                                       .efr = any(2)});
        for (unsigned entries = any(4); entries > 0; entries--) {
            put_entry(b, 2, any(0x400));
            put_alias_entry(b, 0x43, any(0x100), any(0x400));
            put_entry(b, 4, 0x100 + any(0x300));
        }
        ivhd_close(b, block);
    }
    scene_bytes(s, "acpi/IVRS", acpi_end(b));
}

static void add_iort(struct scene *s, struct build *b)
{
    static const uint32_t firsts[] = {0, 0x100, 0x200, 0x300, 0x10000};
    unsigned roots = any(3);
    iort_begin(b, 3 + roots);
    uint32_t targets[] = {iort_its(b), iort_smmu(b, 3, 0x1000), iort_smmu(b, 4, 0x2000), 0};
    for (; roots > 0; roots--) {
        unsigned mappings = any(4);
        targets[3] = iort_root(b, any(2), mappings);
        for (; mappings > 0; mappings--)
            iort_map(b, firsts[any(COUNT(firsts))], any(2) * 0x100, targets[any(4)], any(9) == 0);
    }
    scene_bytes(s, "acpi/IORT", acpi_end(b));
}

static void add_evidence(struct scene *s)
{
    static const char *const sys[] = {
        "groups 0\n",
        "unit dmar0 address fed90000\nunit dmar0 cap 0\nunit dmar0 ecap 0\ngroups 3\n",
        "unit dmar1 address fed91000\nunit dmar1 cap 400\nunit dmar1 ecap 0\n",
        "unit ivhd0 features 1:0\ngroups 2\ntype identity 1\n",
    };
    static const char *const logs[] = {
        "[    0.1] pci 0000:00:01.0: Adding to iommu group 2\n",
        "[    0.1] DMAR: dmar0: reg_base_addr fed90000 ver 1:0 cap 400 ecap 0\n",
        "[    0.1] DMAR: dmar1: reg_base_addr fed91000 ver 1:0 cap 0 ecap 0\n",
    };
    if (any(2) == 0)
        scene_text(s, "sys/iommu", sys[any(COUNT(sys))]);
    if (any(2) == 0)
        scene_text(s, "efi/kernel-log", logs[any(COUNT(logs))]);
    if (any(3) == 0)
        scene_text(s, "sys/thunderbolt", "domain0 iommu_dma_protection 1\n");
}

static void judge_any(struct scene *s)
{
    static struct build b;
    scene_begin(s);
    s->options.verbose = true;
    scene_complete_acpi(s);
    add_functions(s);
    if (any(2) == 0)
        add_dmar(s, &b, "acpi/DMAR");
    if (any(8) == 0)
        add_dmar(s, &b, "acpi/DMAR2");
    if (any(3) == 0)
        add_ivrs(s, &b);
    if (any(3) == 0)
        add_iort(s, &b);
    add_evidence(s);
    scene_judge(s);
}

/* Functions that count and stand so. */
static size_t standing(const struct scene *s, enum standing want)
{
    size_t n = 0;
    const struct iommu_map *m = s->report.facts.iommu;
    for (size_t i = 0; i < m->n_functions; i++)
        n += m->functions[i].in_scope && m->functions[i].standing == want;
    return n;
}

/* Every function points to units and bridges that are there, and tells why where it must. */
static void assert_map_is_whole(const struct scene *s)
{
    const struct iommu_map *m = s->report.facts.iommu;
    for (size_t i = 0; i < m->n_functions; i++) {
        const struct iommu_function *f = &m->functions[i];
        assert_true(f->unit == NO_INDEX || f->unit < m->n_units);
        assert_true(f->parent == NO_INDEX || f->parent < i);
        assert_int_equal(f->why == NULL, f->standing == STANDS_BEHIND);
        if (f->standing == STANDS_UNKNOWN)
            assert_true(f->reason != ST_OK && f->reason != ST_ABSENT);
        if (f->standing == STANDS_FREE)
            assert_int_equal(f->unit, NO_INDEX);
    }
    for (size_t i = 0; i < m->n_units; i++)
        assert_true(m->units[i].translates == NOT_TOLD || m->units[i].translation != NULL);
}

static void assert_verdict_is_that_of_the_map(const struct scene *s)
{
    size_t wrong = standing(s, STANDS_FREE), disputed = standing(s, STANDS_DISPUTED),
           unknown = standing(s, STANDS_UNKNOWN);
    enum verdict v = scene_verdict(s, "iommu.coverage");
    if (v == V_PASS) {
        assert_int_equal(wrong + disputed + unknown, 0);
        assert_true(standing(s, STANDS_BEHIND) > 0);
        assert_int_equal(findings_of(s, "iommu.coverage"), 0);
    }
    if (v == V_FAIL && s->report.facts.iommu->n_units > 0) {
        assert_true(wrong > 0);
        assert_int_equal(findings_of(s, "iommu.coverage"), wrong + disputed + unknown);
        assert_int_equal(scene_fact(s, "iommu.functions-uncovered")->v.u, wrong);
    }
    if (scene_verdict(s, "iommu.translation") == V_PASS && v == V_PASS) {
        const struct iommu_map *m = s->report.facts.iommu;
        for (size_t i = 0; i < m->n_units; i++)
            assert_true(!m->units[i].in_use || m->units[i].translates == TOLD_YES);
    }
}

static void any_machine_is_judged_and_printed_without_contradiction(void **state)
{
    (void)state;
    size_t verdicts[V_COUNT] = {0};
    for (unsigned i = 0; i < MACHINES; i++) {
        struct scene s;
        judge_any(&s);
        verdicts[scene_verdict(&s, "iommu.coverage")]++;
        assert_map_is_whole(&s);
        assert_verdict_is_that_of_the_map(&s);
        for (size_t r = 0; r < n_reporters; r++) {
            struct out o;
            out_init(&o, &s.arena);
            reporters[r]->write(&o, &s.report);
        }
        scene_end(&s);
    }
    /* All of them are met, or this test sees nothing. */
    assert_true(verdicts[V_PASS] > 20 && verdicts[V_FAIL] > 200 && verdicts[V_UNKNOWN] > 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_machine_is_judged_and_printed_without_contradiction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
