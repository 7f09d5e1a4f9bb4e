/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse/cpuid.h"
#include "support/build.h"
#include "support/cmocka.h"
#include "support/torture.h"
#include "vbscheck/count.h"

#define LEAF_0 "CPUID 00000000: 00000007-756E6547-6C65746E-49656E69 [GenuineIntel]\n"
#define LEAF_1 "CPUID 00000001: 000906EA-00100800-7FFAFBFF-BFEBFBFF\n"

static enum status parse_in(struct arena *a, struct span text, struct cpuid *out,
                            struct fault *fault)
{
    test_arena(a);
    return cpuid_parse(text, a, out, fault);
}

TORTURE_PARSE_IN_ARENA(parse, struct cpuid, cpuid_parse)
TORTURE_PARSE(parse_hypervisor, struct cpuid_cpu, cpuid_parse_hypervisor)

static enum status parse_text(const char *text)
{
    return parse(span_of(text));
}

static void assert_words(const struct cpuid_cpu *c, enum cpuid_leaf leaf, uint32_t eax,
                         uint32_t ebx, uint32_t ecx, uint32_t edx)
{
    assert_true(c->known >> leaf & 1);
    assert_int_equal(c->leaf[leaf][CPUID_EAX], eax);
    assert_int_equal(c->leaf[leaf][CPUID_EBX], ebx);
    assert_int_equal(c->leaf[leaf][CPUID_ECX], ecx);
    assert_int_equal(c->leaf[leaf][CPUID_EDX], edx);
}

static void reads_the_serialised_form(void **state)
{
    (void)state;
    struct arena a;
    struct cpuid c;
    const char *text = "basic_cpuid[0]=0000000d 68747541 444d4163 69746e65\n"
                       "basic_cpuid[1]=00630f81 02040800 3e98320b 178bfbff\n"
                       "basic_cpuid[10]=ffffffff ffffffff ffffffff ffffffff\n"
                       "ext_cpuid[0]=8000001e 68747541 444d4163 69746e65\n"
                       "ext_cpuid[10]=00000001 00010000 00000000 00001cff\n"
                       "intel_fn4[0]=00000000 00000000 00000000 00000000\n";
    char vendor[13];
    assert_int_equal(parse_in(&a, span_of(text), &c, NULL), ST_OK);
    assert_int_equal(c.n, 1);
    assert_words(&c.cpus[0], CPUID_1, 0x00630f81, 0x02040800, 0x3e98320b, 0x178bfbff);
    assert_words(&c.cpus[0], CPUID_EXT_A, 1, 0x00010000, 0, 0x1cff);
    cpuid_vendor(&c.cpus[0], vendor);
    assert_string_equal(vendor, "AuthenticAMD");
    assert_true(cpuid_bit(&c.cpus[0], CPUID_EXT_A, CPUID_EDX, 0));
    assert_false(cpuid_bit(&c.cpus[0], CPUID_EXT_A, CPUID_EDX, 17));
    arena_reset(&a);
}

static void reads_the_reports_and_starts_a_cpu_at_each_leaf_0(void **state)
{
    (void)state;
    struct arena a;
    struct cpuid c;
    const char *text = "------[ CPUID Registers / Logical CPU #0 ]------\r\n"
                       "CPUID Registers (CPU #1):\n"
                       "CPUID Manufacturer : GenuineIntel\n" LEAF_0 LEAF_1
                       "CPUID 00000007: 00000000-029C67AF-00000000-9C000000 [SL 00]\r\n"
                       "CPUID 00000007: 11111111-11111111-11111111-11111111 [SL 01]\n"
                       "CPU#001 AffMask: 0x2\n"
                       "CPUID 00000000  \t00000001-756E6547-6C65746E-49656E69\n"
                       "CPUID 00000001  \t000106E5-00100800-0098E3FD-BFEBFBFF\n"
                       "CPUID 80000019: 00000000-00000000-00000000-00000000\n";
    assert_int_equal(parse_in(&a, span_of(text), &c, NULL), ST_OK);
    assert_int_equal(c.n, 2);
    assert_words(&c.cpus[0], CPUID_7, 0, 0x029c67af, 0, 0x9c000000);
    assert_words(&c.cpus[1], CPUID_1, 0x000106e5, 0x00100800, 0x0098e3fd, 0xbfebfbff);
    assert_memory_equal(text + c.cpus[1].offset, "CPUID 00000000  ", 16);
    arena_reset(&a);
}

static void a_first_line_of_another_subleaf_is_not_subleaf_0(void **state)
{
    (void)state;
    struct arena a;
    struct cpuid c;
    const char *text = LEAF_0 LEAF_1 "CPUID 00000007: 11111111-11111111-11111111-11111111 [SL 01]\n"
                                     "CPUID 00000007: 00000002-00000000-00000000-00000000\n"
                                     "CPUID 00000007: 22222222-00000000-00000000-00000000\n";
    assert_int_equal(parse_in(&a, span_of(text), &c, NULL), ST_OK);
    assert_words(&c.cpus[0], CPUID_7, 2, 0, 0, 0);
    arena_reset(&a);
}

static void leaves_above_the_maximum_are_not_there(void **state)
{
    (void)state;
    struct cpuid_cpu c = {.known = (1U << CPUID_LEAVES) - 1};
    c.leaf[CPUID_0][CPUID_EAX] = 6;
    c.leaf[CPUID_EXT_0][CPUID_EAX] = 0x80000008;
    c.leaf[CPUID_EXT_A][CPUID_EDX] = 1;
    c.leaf[CPUID_HV_0][CPUID_EAX] = 0x40000001;
    assert_true(cpuid_has(&c, CPUID_1));
    assert_false(cpuid_has(&c, CPUID_7));
    assert_true(cpuid_has(&c, CPUID_EXT_8));
    assert_false(cpuid_has(&c, CPUID_EXT_A));
    assert_false(cpuid_bit(&c, CPUID_EXT_A, CPUID_EDX, 0));
    assert_true(cpuid_has(&c, CPUID_HV_1));
    assert_false(cpuid_has(&c, CPUID_HV_2));
    c.leaf[CPUID_HV_0][CPUID_EAX] = 0; /* KVM's way of saying 4000_0001h */
    assert_true(cpuid_has(&c, CPUID_HV_1));
    c.leaf[CPUID_EXT_0][CPUID_EAX] = 0x8000000a;
    assert_true(cpuid_bit(&c, CPUID_EXT_A, CPUID_EDX, 0));
    c.leaf[CPUID_EXT_0][CPUID_EAX] = 0x756e6547; /* no extended leaves at all */
    assert_false(cpuid_has(&c, CPUID_EXT_1));
    assert_false(cpuid_has(&c, CPUID_EXT_0));
    c.known = 0;
    assert_false(cpuid_has(&c, CPUID_0));
}

static void what_follows_a_cut_dump_does_not_make_it_whole(void **state)
{
    (void)state;
    static const struct {
        const char *leaf_0, *rest;
        bool missing;
    } rows[] = {
        {LEAF_0, "", true},
        {LEAF_0, "alice@host:~$ lspci\n", true}, /* `cpuid -r | head`, and another command */
        {"CPUID 00000000: 00000003-756E6547-6C65746E-49656E69\n", "", true},
        {"CPUID 00000000: 00000003-756E6547-6C65746E-49656E69\n", "end\n", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena a;
        struct cpuid c, again;
        test_arena(&a);
        const char *text = arena_printf(&a, "%s%s%s", rows[i].leaf_0, LEAF_1, rows[i].rest);
        assert_int_equal(cpuid_parse(span_of(text), &a, &c, NULL), ST_OK);
        assert_int_equal(cpuid_is_missing(&c.cpus[0], CPUID_EXT_1), rows[i].missing);
        assert_int_equal(cpuid_parse(cpuid_write(&c, &a), &a, &again, NULL), ST_OK);
        assert_int_equal(again.cpus[0].closed, c.cpus[0].closed);
        assert_int_equal(again.cpus[0].known, c.cpus[0].known);
        assert_memory_equal(again.cpus[0].leaf, c.cpus[0].leaf, sizeof c.cpus[0].leaf);
        arena_reset(&a);
    }
}

static void refuses_lines_it_cannot_read(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "CPUID 8",
        "CPUID 80000001",
        "CPUID 8000000X: 00000000-00000000-00000000-00000000",
        "CPUID 8000001G: 00000000-00000000-00000000-00000000",
        "CPUID 8000000:1 00000000-00000000-00000000-00000000",
        "CPUID 80000001: 00000000-00000000-00000000",
        "CPUID 80000001: 00000000-00000000-00000000-0000000",
        "CPUID 80000001: 00000000-00000000-00000000-000000000",
        "CPUID 80000001: 00000000 00000000 00000000",
        "CPUID 80000001: 00000000.00000000.00000000.00000000",
        "CPUID 80000001: 0000000g-00000000-00000000-00000000",
        "CPUID 80000001: 00000000-00000000-00000000-00000000-",
        "basic_cpuid[",
        "basic_cpuid[1",
        "basic_cpuid[]=00000000 00000000 00000000 00000000",
        "basic_cpuid[a]=00000000 00000000 00000000 00000000",
        "basic_cpuid[7]00000000 00000000 00000000 00000000",
        "basic_cpuid[7]=00000000-00000000-00000000-00000000",
        "ext_cpuid[1]=00000000 00000000 00000000",
        "ext_cpuid[1]=00000000 00000000 00000000 0000000x",
        "ext_cpuid[100]=00000000 00000000 00000000 00000000",
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        char text[512];
        struct cpuid c;
        struct fault fault;
        (void)snprintf(text, sizeof text, "%s%s%s\n", LEAF_0, LEAF_1, bad[i]);
        assert_int_equal(parse_text(text), ST_MALFORMED);
        (void)parse_in_arena(span_of(text), &c, &fault);
        assert_int_equal(fault.offset, strlen(LEAF_0 LEAF_1));
    }
}

static void needs_leaves_0_and_1_of_every_cpu(void **state)
{
    (void)state;
    assert_int_equal(parse_text(""), ST_MALFORMED);
    assert_int_equal(parse_text("hello\n"), ST_MALFORMED);
    assert_int_equal(parse_text(LEAF_1), ST_MALFORMED);
    assert_int_equal(parse_text(LEAF_0), ST_MALFORMED);
    assert_int_equal(parse_text(LEAF_0 LEAF_0 LEAF_1), ST_MALFORMED);
    assert_int_equal(parse_text(LEAF_0 LEAF_1), ST_OK);
}

static void refuses_more_cpus_than_linux_can_have(void **state)
{
    (void)state;
    const size_t one = strlen(LEAF_0 LEAF_1);
    char *text = malloc(one * (CPUID_MAX_CPUS + 1) + 1);
    assert_non_null(text);
    for (size_t i = 0; i <= CPUID_MAX_CPUS; i++)
        memcpy(text + i * one, LEAF_0 LEAF_1, one + 1);
    assert_int_equal(parse_text(text), ST_MALFORMED);
    assert_int_equal(parse_text(text + one), ST_OK);
    free(text);
}

static void reads_the_hypervisor_blob(void **state)
{
    (void)state;
    struct cpuid_cpu c;
    char id[13];
    const char *text = "CPUID 40000000: 4000000B-7263694D-666F736F-76482074\n"
                       "CPUID 40000003: 00003FFF-002BB9FF-00000002-10FFFBF2\n"
                       "CPUID 40000100: 40000105-566E6558-65584D4D-4D4D566E\n";
    assert_int_equal(cpuid_parse_hypervisor(span_of(text), &c, NULL), ST_OK);
    cpuid_hypervisor_id(&c, CPUID_HV_0, id);
    assert_string_equal(id, "Microsoft Hv");
    cpuid_hypervisor_id(&c, CPUID_HV_100, id);
    assert_string_equal(id, "XenVMMXenVMM");
    assert_true(cpuid_bit(&c, CPUID_HV_3, CPUID_EBX, 0));
    assert_false(cpuid_has(&c, CPUID_HV_1));
    assert_int_equal(cpuid_parse_hypervisor(span_of(""), &c, NULL), ST_OK);
    assert_int_equal(c.known, 0);
    assert_int_equal(parse_hypervisor(span_of("CPUID 40000000: zz\n")), ST_MALFORMED);
}

static void brand_is_trimmed_and_needs_all_three_leaves(void **state)
{
    (void)state;
    struct cpuid_cpu c = {.known = (1U << CPUID_LEAVES) - 1};
    char brand[49];
    c.leaf[CPUID_EXT_0][CPUID_EAX] = 0x80000004;
    c.leaf[CPUID_EXT_2][CPUID_EAX] = 0x20202020;
    c.leaf[CPUID_EXT_2][CPUID_EBX] = 0x65746e49; /* "Inte" */
    c.leaf[CPUID_EXT_2][CPUID_ECX] = 0x2020206c; /* "l   " */
    cpuid_brand(&c, brand);
    assert_string_equal(brand, "Intel");
    c.leaf[CPUID_EXT_0][CPUID_EAX] = 0x80000003;
    cpuid_brand(&c, brand);
    assert_string_equal(brand, "");
}

static void signature_adds_the_extended_fields(void **state)
{
    (void)state;
    static const struct {
        uint32_t eax;
        unsigned family, model, stepping;
    } known[] = {
        {0x000906ea, 6, 0x9e, 10},   {0x00a60f12, 0x19, 0x61, 2}, {0x00100f42, 0x10, 4, 2},
        {0x00000543, 5, 4, 3},       {0x00f00f43, 0x1e, 4, 3},    {0x000006b1, 6, 0xb, 1},
        {0x00b40f40, 0x1a, 0x44, 0},
    };
    for (size_t i = 0; i < COUNT(known); i++) {
        struct cpuid_signature s = cpuid_signature(known[i].eax);
        assert_int_equal(s.family, known[i].family);
        assert_int_equal(s.model, known[i].model);
        assert_int_equal(s.stepping, known[i].stepping);
    }
}

static void stands_torture(void **state)
{
    (void)state;
    torture_text(parse, span_of("CPUID Registers (CPU #1):\n" LEAF_0 LEAF_1
                                "CPUID 80000000: 80000008-00000000-00000000-00000000\n"
                                "basic_cpuid[1]=00630f81 02040800 3e98320b 178bfbff\n"
                                "ext_cpuid[10]=00000001 00010000 00000000 00001cff\n"));
    torture_text(parse_hypervisor, span_of("CPUID 40000000: 40000001-54474354-43544743-47435447\n"
                                           "CPUID 40000001: 00000000-00000000-00000000-00000000"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_serialised_form),
        cmocka_unit_test(reads_the_reports_and_starts_a_cpu_at_each_leaf_0),
        cmocka_unit_test(a_first_line_of_another_subleaf_is_not_subleaf_0),
        cmocka_unit_test(leaves_above_the_maximum_are_not_there),
        cmocka_unit_test(what_follows_a_cut_dump_does_not_make_it_whole),
        cmocka_unit_test(refuses_lines_it_cannot_read),
        cmocka_unit_test(needs_leaves_0_and_1_of_every_cpu),
        cmocka_unit_test(refuses_more_cpus_than_linux_can_have),
        cmocka_unit_test(reads_the_hypervisor_blob),
        cmocka_unit_test(brand_is_trimmed_and_needs_all_three_leaves),
        cmocka_unit_test(signature_adds_the_extended_fields),
        cmocka_unit_test(stands_torture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
