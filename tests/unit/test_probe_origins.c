/* SPDX-License-Identifier: MIT */
/* Where a fact is said to be from is what was read: each of these cited what was not there. */
#include <string.h>

#include "support/cmocka.h"
#include "support/scene.h"
#include "support/tables.h"

static const char *origin(const struct scene *s, const char *fact)
{
    const struct fact *f = scene_fact(s, fact);
    assert_int_equal(f->st, ST_OK);
    return f->from.blob;
}

static void test_arm_told_by_a_log_is_not_from_the_kernel(void **state)
{
    struct scene s;
    (void)state;
    scene_begin(&s);
    scene_text(&s, "efi/kernel-log",
               "[    0.000000] Booting Linux on physical CPU 0x0000000000 [0x410fd4b0]\n"
               "[    0.000000] Linux version 6.12.9+bpo-arm64 (x) (aarch64-linux-gnu-gcc-12) #1\n");
    scene_judge(&s);
    assert_string_equal(origin(&s, "cpu.64bit"), "efi/kernel-log");
    assert_string_equal(origin(&s, "host.x86"), "efi/kernel-log");
    scene_end(&s);
}

static void test_x86_told_by_a_log_is_not_from_the_kernel(void **state)
{
    struct scene s;
    (void)state;
    scene_begin(&s);
    scene_text(&s, "efi/kernel-log",
               "[    0.000000] Linux version 6.1.0-28-amd64 (x) (gcc-12 (Debian 12)) #1 SMP\n"
               "[    0.000000] BIOS-e820: [mem 0x0000000000000000-0x000000000009ffff] usable\n"
               "[    0.000000] x86/fpu: Supporting XSAVE feature 0x001\n");
    scene_judge(&s);
    assert_string_equal(origin(&s, "host.x86"), "efi/kernel-log");
    scene_end(&s);
}

static void test_no_components_of_an_intel_machine_are_not_from_a_broken_iort(void **state)
{
    struct scene s;
    static struct build b;
    (void)state;
    scene_begin(&s);
    scene_complete_acpi(&s);
    scene_bytes(&s, "acpi/DMAR", table_dmar(&b));
    scene_missing(&s, "acpi/IORT", ST_MALFORMED);
    scene_judge(&s);
    assert_string_equal(origin(&s, "iommu.components-uncovered"), "acpi/DMAR");
    scene_end(&s);
}

static void test_a_tpm_for_mor_is_not_from_a_variable_that_was_not_read(void **state)
{
    struct scene s;
    (void)state;
    scene_begin(&s);
    scene_complete_acpi(&s);
    scene_text(&s, "sys/tpm", "tpm0 version-major 2\n");
    scene_missing(&s, "efivar/MemoryOverwriteRequestControl-e20939be-32d4-41be-a150-897f85d49829",
                  ST_NO_PERMISSION);
    scene_judge(&s);
    const struct fact *tpm = scene_fact(&s, "tpm.present");
    assert_int_equal(tpm->st, ST_OK);
    assert_string_equal(origin(&s, "mor.lacks-tpm"), tpm->from.blob);
    scene_end(&s);
}

/* Arm at EL2, as an ordinary user sees it: the tables are listed, and may not be read. */
static void test_a_denied_facp_does_not_make_bare_metal(void **state)
{
    struct scene s;
    (void)state;
    scene_begin(&s);
    scene_text(&s, "efi/kernel-log",
               "[    0.000000] Booting Linux on physical CPU 0x0000000000 [0x410fd4b0]\n"
               "[    0.000000] Linux version 6.12.9+bpo-arm64 (x) (aarch64-linux-gnu-gcc-12) #1\n"
               "[    0.010000] CPU: All CPU(s) started at EL2\n");
    scene_missing(&s, "acpi/FACP", ST_NO_PERMISSION);
    scene_missing(&s, "acpi/APIC", ST_NO_PERMISSION);
    scene_judge(&s);
    assert_int_equal(scene_fact(&s, "host.vm")->st, ST_NO_PERMISSION);
    assert_false(scene_notes(&s, "assumed to be bare metal"));
    scene_end(&s);
}

/* A damaged text of the kernel beside CPUID of Intel, which has no AMD feature. */
static void test_an_intel_processor_lacks_gmet_by_what_names_its_maker(void **state)
{
    struct scene s;
    (void)state;
    scene_begin(&s);
    scene_cpuid(&s, (struct scene_cpu){.vendor = "GenuineIntel"}, 1);
    scene_missing(&s, "cpuinfo", ST_MALFORMED);
    scene_judge(&s);
    assert_string_equal(origin(&s, "cpu.gmet"), "cpuid");
    scene_end(&s);
    scene_begin(&s);
    scene_text(&s, "efi/kernel-log", "[    0.1] x86/cpu: VMX (outside TXT) disabled by BIOS\n");
    scene_judge(&s);
    assert_string_equal(origin(&s, "cpu.gmet"), "efi/kernel-log");
    scene_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arm_told_by_a_log_is_not_from_the_kernel),
        cmocka_unit_test(test_x86_told_by_a_log_is_not_from_the_kernel),
        cmocka_unit_test(test_no_components_of_an_intel_machine_are_not_from_a_broken_iort),
        cmocka_unit_test(test_a_denied_facp_does_not_make_bare_metal),
        cmocka_unit_test(test_an_intel_processor_lacks_gmet_by_what_names_its_maker),
        cmocka_unit_test(test_a_tpm_for_mor_is_not_from_a_variable_that_was_not_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
