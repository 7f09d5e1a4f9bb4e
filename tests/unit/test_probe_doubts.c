/* SPDX-License-Identifier: MIT */
/* Evidence that is cut, odd or more than is kept: it is told, and decides only what it can. */
#include "support/cmocka.h"

#include <stdlib.h>
#include <string.h>

#include "support/iommu.h"
#include "vbscheck/count.h"

#define AMD_CPUINFO                                                                                \
    "processor\t: 0\nvendor_id\t: AuthenticAMD\ncpu family\t: 23\nmodel\t\t: 49\nstepping\t: 0\n"  \
    "flags\t\t: fpu lm svm\n\n"
#define LOG_NOTHING "[ 0.1] nothing of the kind\n"

/* Processors ------------------------------------------------------------------------------- */

static void kvm_that_runs_proves_virtualization_on_amd(void **state)
{
    (void)state;
    static const struct {
        const char *kvm;
        enum verdict virtualization, slat;
    } rows[] = {
        {"kvm\nkvm_amd\nkvm_amd npt 1\n", V_PASS, V_PASS},
        {"kvm\nkvm_amd\nkvm_amd npt Y\n", V_PASS, V_PASS},
        {"kvm\nkvm_amd\nkvm_amd npt N\n", V_PASS, V_UNKNOWN},
        {"kvm\n", V_UNKNOWN, V_UNKNOWN},
        {"kvm_amd\n", V_UNKNOWN, V_UNKNOWN},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        scene_begin(&s);
        scene_complete_acpi(&s);
        scene_text(&s, "dmi", "vendor: LENOVO\nproduct: 21CB\n");
        scene_text(&s, "cpuinfo", AMD_CPUINFO);
        scene_text(&s, "sys/kvm", rows[i].kvm);
        scene_judge(&s);
        if (scene_verdict(&s, "cpu.virtualization") != rows[i].virtualization ||
            scene_verdict(&s, "cpu.slat") != rows[i].slat)
            fail_msg("row %zu: %s, %s", i, verdict_name(scene_verdict(&s, "cpu.virtualization")),
                     verdict_name(scene_verdict(&s, "cpu.slat")));
        scene_end(&s);
    }
}

#define CORE(part, features)                                                                       \
    "processor\t: 0\nFeatures\t: " features                                                        \
    "\nCPU implementer\t: 0x41\nCPU architecture: 8\nCPU part\t: " part "\n\n"
#define OLD_CORE CORE("0xd03", "fp")

/* Cores of Armv8.2 of eight kinds, as many as are kept. */
static const char *new_cores(struct arena *a)
{
    static const char *const parts[] = {"0xd05", "0xd0a", "0xd0b", "0xd0c",
                                        "0xd0d", "0xd40", "0xd41", "0xd44"};
    struct out o;
    out_init(&o, a);
    for (size_t i = 0; i < COUNT(parts); i++)
        out_printf(&o,
                   "processor\t: 0\nFeatures\t: fp atomics\nCPU implementer\t: 0x41\n"
                   "CPU architecture: 8\nCPU part\t: %s\n\n",
                   parts[i]);
    return arena_text(a, out_span(&o));
}

/* A ninth kind may be the old one: what was kept of the list does not speak for the rest. */
static void more_kinds_of_cores_than_are_kept_do_not_pass(void **state)
{
    (void)state;
    static const struct {
        const char *before, *after;
        enum verdict verdict;
        enum status reason;
    } rows[] = {
        {"", "", V_PASS, ST_OK},
        {"", OLD_CORE, V_UNKNOWN, ST_TRUNCATED},
        {OLD_CORE, "", V_FAIL, ST_OK},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        scene_begin(&s);
        scene_text(&s, "kernel", "arch: aarch64\nrelease: 6.12.0\n");
        scene_complete_acpi(&s);
        scene_text(&s, "efi/kernel-log", "[ 0.1] CPU: All CPU(s) started at EL2\n");
        scene_text(
            &s, "cpuinfo",
            arena_printf(&s.arena, "%s%s%s", rows[i].before, new_cores(&s.arena), rows[i].after));
        scene_judge(&s);
        if (scene_verdict(&s, "cpu.virtualization") != rows[i].verdict ||
            scene_reason(&s, "cpu.virtualization") != rows[i].reason)
            fail_msg("row %zu: %s, %s", i, verdict_name(scene_verdict(&s, "cpu.virtualization")),
                     status_name(scene_reason(&s, "cpu.virtualization")));
        scene_end(&s);
    }
}

static void kvm_that_runs_proves_el2_on_arm(void **state)
{
    (void)state;
    static const struct {
        const char *kvm;
        enum verdict verdict;
    } rows[] = {{"kvm\n", V_PASS}, {"kvm_amd\n", V_UNKNOWN}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        scene_begin(&s);
        scene_text(&s, "kernel", "arch: aarch64\nrelease: 6.12.0\n");
        scene_text(&s, "cpuinfo", CORE("0xd0b", "fp atomics"));
        scene_text(&s, "dmi", "vendor: LENOVO\nproduct: 21BX\n");
        scene_complete_acpi(&s);
        scene_text(&s, "efi/kernel-log", LOG_NOTHING);
        scene_text(&s, "sys/kvm", rows[i].kvm);
        scene_judge(&s);
        assert_verdict(&s, "cpu.virtualization", rows[i].verdict);
        scene_end(&s);
    }
}

/* Firmware and boot options ---------------------------------------------------------------- */

static void a_boot_option_counts_wherever_it_is_in_its_list(void **state)
{
    (void)state;
    static const struct {
        const char *kernel;
        bool without_runtime;
    } rows[] = {
        {"release: 6.1.0\ncmdline: ro efi=noruntime\n", true},
        {"release: 6.1.0\ncmdline: ro efi=noruntime,debug quiet\n", true},
        {"release: 6.1.0\ncmdline: ro efi=debug,noruntime\n", true},
        {"release: 6.1.0\ncmdline: ro efi=debug\n", false},
        {"release: 6.1.0-rt7\ncmdline: ro\n", true},
        {"release: 6.1.0-rt7\ncmdline: ro efi=debug,runtime\n", false},
        {"release: 6.1.0-rt7\ncmdline: ro efi=runtime\n", false},
        {"release: 6.1.0-rt7\ncmdline: ro efi=debug xefi=runtime\n", true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        scene_begin(&s);
        scene_text(&s, "kernel", rows[i].kernel);
        scene_judge(&s);
        if (((s.report.facts.situation & SIT_NO_RUNTIME) != 0) != rows[i].without_runtime)
            fail_msg("row %zu", i);
        scene_end(&s);
    }
}

/* The kernel marks the mode that is in force: without a mark none is known. */
static void a_lockdown_without_a_mark_is_not_known(void **state)
{
    (void)state;
    static const struct {
        const char *kernel, *mode; /* NULL: not known */
    } rows[] = {
        {"release: 6.1.0\nlockdown: none [integrity] confidentiality\n", "integrity"},
        {"release: 6.1.0\nlockdown: none integrity\n", NULL},
        {"release: 6.1.0\nlockdown: none [integr\n", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        scene_begin(&s);
        scene_text(&s, "kernel", rows[i].kernel);
        scene_judge(&s);
        const struct fact *f = scene_fact(&s, "host.lockdown");
        assert_int_equal(f->st == ST_OK, rows[i].mode != NULL);
        if (rows[i].mode != NULL)
            assert_string_equal(f->v.text, rows[i].mode);
        scene_end(&s);
    }
}

/* Firmware without the variable differs from a log that would have told what it holds. */
static void a_denied_log_leaves_secure_boot_open(void **state)
{
    (void)state;
    static const enum status logs[] = {ST_NO_PERMISSION, ST_NOT_COLLECTED};
    for (size_t i = 0; i < COUNT(logs); i++) {
        struct scene s;
        scene_begin(&s);
        scene_missing(&s, "efivar/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c", ST_ABSENT);
        scene_missing(&s, "efi/kernel-log", logs[i]);
        scene_judge(&s);
        assert_int_equal(scene_fact(&s, "secure-boot.enabled")->st == ST_NO_PERMISSION, i == 0);
        scene_end(&s);
    }
}

/* TPM -------------------------------------------------------------------------------------- */

static void a_tpm_1_2_that_refuses_the_command_is_one(void **state)
{
    (void)state;
    /* TPM_TAG_RSP_COMMAND, TPM_BAD_ORDINAL: TPM 1.2 part 2, sections 6 and 16 */
    static const uint8_t answer[] = {0, 0xc4, 0, 0, 0, 10, 0, 0, 0, 10};
    struct scene s;
    scene_begin(&s);
    scene_complete_acpi(&s);
    scene_bytes(&s, "tpm/fixed", (struct span){answer, sizeof answer});
    scene_bytes(&s, "tpm/pcrs", (struct span){answer, sizeof answer});
    scene_judge(&s);
    assert_string_equal(scene_fact(&s, "tpm.version")->v.text, "1.2");
    assert_verdict(&s, "tpm.version", V_FAIL);
    assert_int_not_equal(scene_verdict(&s, "tpm.sha256-bank"), V_PASS);
    scene_end(&s);
}

static void a_log_of_a_tpm_1_2_beside_a_denied_tpm2_decides_nothing(void **state)
{
    (void)state;
    static const struct {
        enum status tpm2;
        enum verdict verdict;
        enum status reason;
    } rows[] = {{ST_NO_PERMISSION, V_UNKNOWN, ST_NO_PERMISSION}, {ST_ABSENT, V_FAIL, ST_OK}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        static struct build b;
        struct scene s;
        scene_begin(&s);
        scene_complete_acpi(&s);
        acpi_begin(&b, "TCPA", 2);
        put_zeros(&b, 14);
        scene_bytes(&s, "acpi/TCPA", acpi_end(&b));
        scene_missing(&s, "acpi/TPM2", rows[i].tpm2);
        scene_judge(&s);
        assert_verdict(&s, "tpm.version", rows[i].verdict);
        assert_reason(&s, "tpm.version", rows[i].reason);
        scene_end(&s);
    }
}

/* IOMMU: lists that are longer than is named ------------------------------------------------ */

static void more_devices_than_are_named_are_counted(void **state)
{
    (void)state;
    enum { NAMED = FINDINGS_MAX / 2, MORE = 3 };
    static struct build b;
    struct scene s;
    iort_begin(&b, 1 + NAMED + MORE);
    (void)iort_smmu(&b, 4, 0x9050000);
    for (unsigned i = 0; i < NAMED + MORE; i++)
        iort_component(&b, "\\_SB.A", 0);
    iommu_scene(&s, "acpi/IORT", acpi_end(&b), FN("0000:01:00.0", "010802", ""));
    assert_finding(&s, "iommu.coverage", "acpi/IORT", "3 more devices");
    assert_int_equal(s.report.facts.iommu->components_free, NAMED + MORE);
    scene_end(&s);
}

static void more_blocks_of_open_memory_than_are_named_are_counted(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    ivrs_begin(&b, 0);
    size_t unit = ivhd_open(&b, (struct ivhd_head){.type = 0x10, .device = 2, .base = 0xfeb80000});
    put_entry(&b, 1, 0); /* all functions */
    ivhd_close(&b, unit);
    for (unsigned i = 0; i < 19; i++)
        put_ivmd(&b, 0x21, 0x01, 0x0100, 0);
    iommu_scene(&s, "acpi/IVRS", acpi_end(&b), FN("0000:01:00.0", "010802", ""));
    assert_true(scene_notes(&s, "3 more IVMD blocks"));
    scene_end(&s);
}

static void more_ports_that_face_outwards_than_are_named_are_counted(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    struct out pci;
    struct arena a;
    test_arena(&a);
    out_init(&pci, &a);
    for (unsigned i = 0; i < NOTES_ALIKE_MAX + 2; i++)
        out_printf(&pci,
                   "0000:00:%02x.0 class=060400 header=01 primary=00 secondary=%02x "
                   "subordinate=%02x\n0000:%02x:00.0 class=010802 external=1\n",
                   i + 1, i + 0x20, i + 0x20, i + 0x20);
    iommu_scene(&s, "acpi/DMAR", table_dmar(&b), arena_text(&a, out_span(&pci)));
    assert_true(scene_notes(&s, "2 more ports that face outwards"));
    scene_end(&s);
    arena_reset(&a);
}

/* A unit of a driver that is not known is not counted among those that translate. */
static void a_unit_of_an_unknown_driver_is_none(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    scene_text(&s, "sys/iommu", "unit apple-dart0\nunit dmar0 ecap f00f5a\ngroups 12\n");
    scene_text(&s, "pci", FN("0000:01:00.0", "010802", ""));
    scene_judge(&s);
    assert_int_equal(s.report.facts.iommu->n_units, 1);
    assert_string_equal(s.report.facts.iommu->units[0].name, "dmar0");
    scene_end(&s);
}

static void a_table_larger_than_any_firmware_has_is_not_judged(void **state)
{
    (void)state;
    enum { LARGE = (1 << 20) + 1 };
    static struct build b;
    struct scene s;
    struct span table = table_dmar(&b);
    uint8_t *large = calloc(LARGE, 1);
    assert_non_null(large);
    memcpy(large, table.ptr, table.len);
    acpi_repair(large, LARGE);
    iommu_scene(&s, "acpi/DMAR", (struct span){large, LARGE}, FN("0000:01:00.0", "010802", ""));
    assert_true(scene_notes(&s, "it is too large for a table of firmware"));
    assert_verdict(&s, "iommu.present", V_UNKNOWN);
    scene_end(&s);
    free(large);
}

/* Linux uses the first table; a second that cannot be read may be the one that Windows uses. */
static void a_damaged_second_table_leaves_the_first_in_doubt(void **state)
{
    (void)state;
    static struct build b, c;
    struct scene s;
    scene_begin(&s);
    scene_complete_acpi(&s);
    scene_bytes(&s, "acpi/DMAR1", table_dmar(&b));
    struct span other = table_dmar(&c);
    c.bytes[50] ^= 0xff; /* the checksum no longer fits */
    scene_bytes(&s, "acpi/DMAR2", other);
    scene_text(&s, "pci", FN("0000:01:00.0", "010802", ""));
    scene_judge(&s);
    assert_reason(&s, "iommu.present", ST_CONFLICT);
    assert_reason(&s, "iommu.dma-opt-in", ST_CONFLICT);
    scene_end(&s);
}

/* More tables of one signature than are compared: none of them passes for all. */
static void more_wsmts_than_are_compared_do_not_pass(void **state)
{
    (void)state;
    enum { MOST = 32 };
    for (unsigned n = MOST; n <= MOST + 1; n++) {
        static struct build b[MOST + 1];
        struct scene s;
        scene_begin(&s);
        scene_complete_acpi(&s);
        for (unsigned i = 0; i < n; i++) {
            struct span table = table_wsmt(&b[i], 7);
            b[i].bytes[24] = (uint8_t)i; /* OEM revision: no two are alike */
            acpi_repair(b[i].bytes, table.len);
            scene_bytes(&s, arena_printf(&s.arena, "acpi/WSMT%u", i + 1), table);
        }
        scene_judge(&s);
        assert_int_equal(scene_verdict(&s, "smm.wsmt") == V_PASS, n == MOST);
        scene_end(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kvm_that_runs_proves_virtualization_on_amd),
        cmocka_unit_test(more_kinds_of_cores_than_are_kept_do_not_pass),
        cmocka_unit_test(kvm_that_runs_proves_el2_on_arm),
        cmocka_unit_test(a_boot_option_counts_wherever_it_is_in_its_list),
        cmocka_unit_test(a_lockdown_without_a_mark_is_not_known),
        cmocka_unit_test(a_denied_log_leaves_secure_boot_open),
        cmocka_unit_test(a_tpm_1_2_that_refuses_the_command_is_one),
        cmocka_unit_test(a_log_of_a_tpm_1_2_beside_a_denied_tpm2_decides_nothing),
        cmocka_unit_test(more_devices_than_are_named_are_counted),
        cmocka_unit_test(more_blocks_of_open_memory_than_are_named_are_counted),
        cmocka_unit_test(more_ports_that_face_outwards_than_are_named_are_counted),
        cmocka_unit_test(a_unit_of_an_unknown_driver_is_none),
        cmocka_unit_test(a_table_larger_than_any_firmware_has_is_not_judged),
        cmocka_unit_test(a_damaged_second_table_leaves_the_first_in_doubt),
        cmocka_unit_test(more_wsmts_than_are_compared_do_not_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
