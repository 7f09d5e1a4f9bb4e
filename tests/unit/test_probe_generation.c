/* SPDX-License-Identifier: MIT */
/* Generations of processors: by brand, by model, by kinds of cores, and where two disagree. */
#include "probe/cpu/generation/generation.h"
#include "support/cmocka.h"
#include "support/scene.h"
#include "vbscheck/count.h"

static void reads_the_generation_in_a_brand(void **state)
{
    static const struct {
        const char *brand;
        unsigned is;
    } rows[] = {
        {"Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz", 8},
        {"Intel(R) Core(TM) i7-10510U CPU @ 1.80GHz", 10},
        {"Intel(R) Core(TM) i7-1065G7 CPU @ 1.30GHz", 10},
        {"11th Gen Intel(R) Core(TM) i7-1185G7 @ 3.00GHz", 11},
        {"12th Gen Intel(R) Core(TM) i7-1260P", 12},
        {"Intel(R) Core(TM) i3-N305", 12},
        {"Intel(R) Core(TM) i9-14900K", 14},
        {"Intel(R) Core(TM) Ultra 7 155H", GENERATION_ULTRA},
        {"Intel(R) Core(TM) 5 120U", GENERATION_ULTRA},
        {"Intel(R) Core(TM) 3 N350", GENERATION_ULTRA},
        {"Intel(R) Core(TM) m3-8100Y CPU @ 1.10GHz", 8},
        {"Intel(R) Core(TM) m3-7Y30 CPU @ 1.00GHz", 7},
        {"Intel(R) Core(TM) M-5Y71 CPU @ 1.20GHz", 5},
        {"Intel(R) Core(TM) i7-7700HQ CPU @ 2.80GHz", 7},
        {"Intel(R) Core(TM) i5 CPU       M 520  @ 2.40GHz", 1},
        {"Intel(R) Core(TM) i7 CPU         920  @ 2.67GHz", 1},
        {"Intel(R) Core(TM) i5-750 CPU @ 2.67GHz", 1},
        {"Intel(R) Core(TM)2 Duo CPU     E4500  @ 2.20GHz", 0},
        {"Intel(R) Core(TM) i5-L16G7 CPU @ 1.40GHz", 0},
        {"Intel(R) Core(TM) i7-80000000", 0},
        {"Intel(R) Core(TM) i7-99999U", 0},
        {"Intel(R) Core(TM) 5 ", 0},
        {"Intel(R) Xeon(R) CPU E3-1225 v5 @ 3.30GHz", 0},
        {"", 0},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(generation_of_brand(span_of(rows[i].brand)), rows[i].is);
}

/* libcpuid's names, of products and of cores. */
static void a_code_name_holds_the_longest_name_that_is_known(void **state)
{
    static const struct {
        const char *codename, *name; /* NULL: none */
        enum listed listed;
    } rows[] = {
        {"Tiger Lake-U (Core i7)", "Tiger Lake", LISTED_YES},
        {"Xeon (Ice Lake-SP)", "Ice Lake-SP", LISTED_OPEN},
        {"Ice Lake", "Ice Lake", LISTED_YES},
        {"Skylake-X", "Skylake-X", LISTED_OPEN},
        {"Ryzen 5 (Renoir)", "Zen 2", LISTED_YES},
        {"Ryzen 3 (Raven Ridge)", "Zen", LISTED_NO},
        {"Wolfdale", NULL, LISTED_NO},
        {"", NULL, LISTED_NO},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct generation g = generation_by_codename(span_of(rows[i].codename));
        assert_int_equal(g.name != NULL, rows[i].name != NULL);
        if (g.name == NULL)
            continue;
        assert_string_equal(g.name, rows[i].name);
        assert_int_equal(g.listed, rows[i].listed);
    }
}

static enum listed intel(unsigned model, unsigned stepping, const char *brand)
{
    struct processor p = {.vendor = span_of("GenuineIntel"),
                          .brand = span_of(brand),
                          .has_signature = true,
                          .family = 6,
                          .model = model,
                          .stepping = stepping};
    return generation_x86(&p).listed;
}

static void needs_brand_and_model_to_agree(void **state)
{
    (void)state;
    assert_int_equal(intel(0x8e, 9, "Intel(R) Core(TM) i5-7200U CPU"), LISTED_NO);
    assert_int_equal(intel(0x8e, 9, "Intel(R) Core(TM) i5-8200Y CPU"), LISTED_YES);
    assert_int_equal(intel(0x8e, 9, "Intel(R) Pentium(R) CPU 4425Y"), LISTED_OPEN);
    assert_int_equal(intel(0x8e, 10, "Intel(R) Core(TM) i5-8250U CPU"), LISTED_YES);
    assert_int_equal(intel(0x8e, 10, ""), LISTED_YES);
    assert_int_equal(intel(0x9e, 9, "Intel(R) Core(TM) i7-8809G CPU"), LISTED_YES);
    assert_int_equal(intel(0x9e, 9, "Intel(R) Core(TM) i7-7700 CPU"), LISTED_NO);
    assert_int_equal(intel(0x9e, 10, "Intel(R) Core(TM) i7-7700 CPU"), LISTED_CONFLICT);
    assert_int_equal(intel(0x5e, 3, "Intel(R) Core(TM) i7-8700 CPU"), LISTED_CONFLICT);
    assert_int_equal(intel(0x55, 4, "Intel(R) Core(TM) i9-9820X CPU"), LISTED_OPEN);
    assert_int_equal(intel(0x55, 4, "Intel(R) Core(TM) i9-7900X CPU"), LISTED_NO);
    assert_int_equal(intel(0x55, 4, "Intel(R) Xeon(R) Gold 6130 CPU"), LISTED_OPEN);
    assert_int_equal(intel(0x8a, 1, "Intel(R) Core(TM) i5-L16G7 CPU"), LISTED_OPEN);
    assert_int_equal(intel(0xf1, 1, "Intel(R) Core(TM) Ultra 9 485H"), LISTED_YES);
    assert_int_equal(intel(0xf1, 1, "Genuine Intel(R) 0000"), LISTED_OPEN);
}

static struct generation amd(unsigned family, unsigned model, bool has_gmet, bool gmet)
{
    struct processor p = {.vendor = span_of("AuthenticAMD"),
                          .brand = span_of("AMD Ryzen"),
                          .has_signature = true,
                          .family = family,
                          .model = model,
                          .has_gmet = has_gmet,
                          .gmet = gmet};
    return generation_x86(&p);
}

static void knows_zen_2_by_gmet_and_model(void **state)
{
    (void)state;
    assert_int_equal(amd(0x17, 0x18, true, false).listed, LISTED_NO);
    assert_int_equal(amd(0x17, 0x18, false, false).listed, LISTED_NO);
    assert_int_equal(amd(0x17, 0x71, true, true).listed, LISTED_YES);
    assert_int_equal(amd(0x17, 0x71, false, false).listed, LISTED_YES);
    assert_int_equal(amd(0x17, 0x71, true, false).listed, LISTED_CONFLICT);
    assert_int_equal(amd(0x17, 0x18, true, true).listed, LISTED_CONFLICT);
    assert_int_equal(amd(0x1b, 0x10, true, true).listed, LISTED_YES);
    assert_int_equal(amd(0x1b, 0x10, true, false).listed, LISTED_OPEN);
    assert_int_equal(amd(0x10, 0x04, true, false).listed, LISTED_NO);
    assert_string_equal(amd(0x19, 0x21, true, true).name, "Zen 3");
    assert_string_equal(amd(0x1a, 0x24, true, true).name, "Zen 5");
}

static enum listed arm(const struct cpuinfo_core *cores, unsigned n)
{
    return generation_arm(cores, n).listed;
}

static void counts_kryo_cores_to_tell_8cx_from_7c(void **state)
{
    static const struct cpuinfo_core cx[] = {{0x51, 0x804, 4, true}, {0x51, 0x805, 4, true}},
                                     c7[] = {{0x51, 0x804, 2, true}, {0x51, 0x805, 6, true}},
                                     some[] = {{0x51, 0x805, 1, true}},
                                     gen3[] = {{0x41, 0xd4b, 4, true}, {0x41, 0xd4c, 4, true}},
                                     x[] = {{0x51, 0x001, 10, true}},
                                     s850[] = {{0x51, 0x803, 4, true}, {0x51, 0x802, 4, true}},
                                     altra[] = {{0x41, 0xd0c, 80, true}};
    (void)state;
    assert_int_equal(arm(cx, 2), LISTED_YES);
    assert_int_equal(arm(c7, 2), LISTED_NO);
    assert_int_equal(arm(some, 1), LISTED_OPEN);
    assert_int_equal(arm(gen3, 2), LISTED_YES);
    assert_int_equal(arm(x, 1), LISTED_YES);
    assert_int_equal(arm(s850, 2), LISTED_NO);
    assert_int_equal(arm(altra, 1), LISTED_OPEN);
    assert_int_equal(arm(NULL, 0), LISTED_OPEN);
    assert_int_equal(generation_arm_brand(span_of("Snapdragon(R) X Plus - X1P42100")).listed,
                     LISTED_YES);
    assert_int_equal(generation_arm_brand(span_of("Microsoft SQ2 @ 3.15 GHz")).listed, LISTED_YES);
    assert_int_equal(generation_arm_brand(span_of("Snapdragon (TM) 850 @ 2.96 GHz")).listed,
                     LISTED_NO);
    assert_int_equal(generation_arm_brand(span_of("Snapdragon (TM) 7c @ 2.4 GHz")).listed,
                     LISTED_OPEN);
}

#define LOG_OF(cpu)                                                                                \
    "[    0.000000] Linux version 6.1.0 (gcc)\n[    0.100000] smpboot: CPU0: " cpu "\n"

static void takes_the_processor_of_a_log(void **state)
{
    struct scene s;
    (void)state;
    scene_begin(&s);
    scene_text(&s, "efi/kernel-log",
               LOG_OF("Intel(R) Core(TM) i7-6700 CPU @ 3.40GHz (family: 0x6, model: 0x5e, "
                      "stepping: 0x3)"));
    scene_judge(&s);
    assert_string_equal(scene_fact(&s, "cpu.generation")->v.text, "Skylake, 6th generation Core");
    assert_false(scene_fact(&s, "cpu.generation-listed")->v.b);
    scene_end(&s);
}

/* Windows' "APIC virtualization" was seen with both controls, 8 and 9, and never with one. */
static void apic_virtualization_takes_both_controls(void **state)
{
    static const struct {
        const char *controls, *flags;
        bool yes;
    } rows[] = {
        {"0x00553ffe00000000", "ept vapic_reg vid", true},
        {"0x00553dfe00000000", "ept vapic_reg", false},
        {"0x00553efe00000000", "ept vid", false},
        {"0x00553cfe00000000", "ept", false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        scene_begin(&s);
        scene_cpuid(&s, (struct scene_cpu){"GenuineIntel", 1U << 5, 0, 1U << 29, 0}, 1);
        scene_text(
            &s, "msr",
            arena_printf(&s.arena, "0 0x482 0xfff9fffe0401e172\n0 0x48b %s\n", rows[i].controls));
        scene_judge(&s);
        assert_int_equal(scene_fact(&s, "cpu.apicv")->v.b, rows[i].yes);
        scene_end(&s);
        scene_begin(&s);
        scene_text(&s, "cpuinfo",
                   arena_printf(&s.arena,
                                "processor\t: 0\nvendor_id\t: GenuineIntel\nflags\t: lm vmx\n"
                                "vmx flags\t: %s\n",
                                rows[i].flags));
        scene_judge(&s);
        assert_int_equal(scene_fact(&s, "cpu.apicv")->v.b, rows[i].yes);
        scene_end(&s);
    }
}

static void a_guest_s_old_processor_proves_nothing(void **state)
{
    struct scene s;
    (void)state;
    scene_begin(&s);
    scene_text(&s, "efi/kernel-log",
               LOG_OF("Intel(R) Core(TM) i7-6700 CPU @ 3.40GHz (family: 0x6, model: 0x5e, "
                      "stepping: 0x3)") "[    0.000000] Hypervisor detected: KVM\n");
    scene_judge(&s);
    assert_int_equal(scene_fact(&s, "cpu.generation-listed")->st, ST_HIDDEN);
    scene_end(&s);
}

static void without_a_processor_nothing_is_known(void **state)
{
    struct scene s;
    (void)state;
    scene_begin(&s);
    scene_judge(&s);
    assert_int_equal(scene_fact(&s, "cpu.generation")->st, ST_NOT_COLLECTED);
    assert_int_equal(scene_fact(&s, "cpu.generation-listed")->st, ST_NOT_COLLECTED);
    scene_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_generation_in_a_brand),
        cmocka_unit_test(a_code_name_holds_the_longest_name_that_is_known),
        cmocka_unit_test(needs_brand_and_model_to_agree),
        cmocka_unit_test(knows_zen_2_by_gmet_and_model),
        cmocka_unit_test(counts_kryo_cores_to_tell_8cx_from_7c),
        cmocka_unit_test(takes_the_processor_of_a_log),
        cmocka_unit_test(apic_virtualization_takes_both_controls),
        cmocka_unit_test(a_guest_s_old_processor_proves_nothing),
        cmocka_unit_test(without_a_processor_nothing_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
