/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "parse/klog/klog.h"
#include "support/cmocka.h"
#include "support/torture.h"
#include "vbscheck/count.h"

static struct klog parse_text(const char *text)
{
    struct klog k;
    assert_int_equal(klog_parse(span_of(text), &k), ST_OK);
    return k;
}

static void finds_the_message_behind_every_prefix(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "efi: EFI v2.7 by X",
        "[    0.000000] efi: EFI v2.7 by X",
        "[12345.678901] efi: EFI v2.7 by X",
        "<6>[    0.000000] efi: EFI v2.7 by X",
        "<6>efi: EFI v2.7 by X",
        "[    0.000000][    T0] efi: EFI v2.7 by X",
        "[    0.000000] [    T0] efi: EFI v2.7 by X",
        "[    0.000000] [   C12] efi: EFI v2.7 by X",
        "[Wed Nov 22 15:00:00 2023] efi: EFI v2.7 by X",
        "[Nov22 15:00] efi: EFI v2.7 by X",
        "[  +0.000012] efi: EFI v2.7 by X",
        "[    0.000000 <    0.000000>] efi: EFI v2.7 by X",
        "kern  :info  : [    0.000000] efi: EFI v2.7 by X",
        "Nov 22 15:00:00 host kernel: [    0.000000] efi: EFI v2.7 by X",
        "Nov  2 15:00:00 host kernel: efi: EFI v2.7 by X",
        "2024-05-01T10:00:00+02:00 host kernel: efi: EFI v2.7 by X",
        "2024-05-01T10:00:00.123456+0200 host kernel: efi: EFI v2.7 by X",
        "2024-05-01T10:00:00,123456+02:00 efi: EFI v2.7 by X",
        "6,123,456,-;efi: EFI v2.7 by X",
        "6,123,456,-,caller=T0;efi: EFI v2.7 by X",
    };
    for (size_t i = 0; i < COUNT(lines); i++) {
        struct span m = klog_message(span_of(lines[i]));
        if (!span_is(m, "efi: EFI v2.7 by X"))
            fail_msg("%s gave \"%.*s\"", lines[i], (int)m.len, (const char *)m.ptr);
    }
}

static void keeps_brackets_that_are_no_time_stamp(void **state)
{
    (void)state;
    static const char *const messages[] = {
        "[Firmware Bug]: broken",
        "[drm] initialized",
        "[]",
        "[",
        "[mem 0x0-0x1] x",
        "[    0.000000]x",
        "pci 0000:00:1f.0: [8086:1234] type 00",
        "",
    };
    for (size_t i = 0; i < COUNT(messages); i++)
        assert_true(span_is(klog_message(span_of(messages[i])), messages[i]));
    assert_true(span_is(klog_message(span_of("[    1.5] [drm] x")), "[drm] x"));
    assert_int_equal(klog_message(span_of("[    1.5]")).len, 0);
}

static void what_other_programs_log_is_no_kernel_message(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "Nov 22 15:00:00 host systemd[1]: efi: EFI v2.7 by X",
        "<30>efi: EFI v2.7 by X",
        "14,123,456,-;efi: EFI v2.7 by X",
        "user  :info  : [    0.000000] efi: EFI v2.7 by X",
        "2024-05-01T10:00:00+02:00 host systemd[1]: efi: EFI v2.7 by X",
        "[    9.000000] usb 1-1: Product: efi: EFI v2.7 by X",
        "[    9.000000] usb 1-1: Product: [    0.000000] efi: EFI v2.7 by X",
        "[    9.000000] [    0.000000] efi: EFI v2.7 by X",
        " efi: EFI v2.7 by X",
    };
    for (size_t i = 0; i < COUNT(lines); i++)
        assert_false(parse_text(lines[i]).efi);
}

static void reads_an_x86_log(void **state)
{
    (void)state;
    struct klog k = parse_text(
        "[    0.000000] Linux version 6.1.0-20-amd64 (debian-kernel@lists.debian.org) (gcc-12)\n"
        "[    0.000000] Command line: BOOT_IMAGE=/vmlinuz efi: EFI v9\n"
        "[    0.000000] BIOS-e820: [mem 0x0000000000000000-0x000000000009d3ff] usable\n"
        "[    0.000000] efi: EFI v2.70 by American Megatrends\n"
        "[    0.000000] efi: ACPI=0xa000 ACPI 2.0=0xa014 SMBIOS=0xb000 MEMATTR=0xc018 \n"
        "[    0.000000] efi: memattr: ACPI=0xffff\n"
        "[    0.000000] secureboot: Secure boot enabled\n"
        "[    0.000000] Kernel is locked down from EFI Secure Boot; see man kernel_lockdown.7\n"
        "[    0.000000] DMI: Dell Inc. XPS 13/0KTW76, BIOS 1.2.3 01/02/2023\n"
        "[    0.000000] DMI: Memory slots populated: 2/2\n"
        "[    0.000000] Hypervisor detected: KVM\n"
        "[    0.100000] x86/cpu: VMX (outside TXT) disabled by BIOS\n");
    assert_true(k.efi && k.x86 && !k.arm64);
    assert_true(span_is(k.release, "6.1.0-20-amd64"));
    assert_true(span_is(k.efi_tables, "ACPI=0xa000 ACPI 2.0=0xa014 SMBIOS=0xb000 MEMATTR=0xc018"));
    assert_int_equal(k.secure_boot, KLOG_SB_ENABLED);
    assert_true(k.lockdown);
    assert_true(span_is(k.dmi, "Dell Inc. XPS 13/0KTW76, BIOS 1.2.3 01/02/2023"));
    assert_true(span_is(k.hypervisor, "KVM"));
    assert_true(k.vmx_disabled && !k.svm_disabled && !k.kvm_disabled);
}

static void knows_every_kernels_word_for_disabled(void **state)
{
    (void)state;
    assert_true(parse_text("kvm_intel: VMX not enabled (by BIOS) in MSR_IA32_FEAT_CTL on CPU 0")
                    .vmx_disabled);
    assert_true(parse_text("kvm: support for 'kvm_intel' disabled by bios").vmx_disabled);
    assert_true(parse_text("x86/cpu: SVM disabled (by BIOS) in MSR_VM_CR").svm_disabled);
    assert_true(parse_text("kvm: support for 'kvm_amd' disabled by bios").svm_disabled);
    assert_true(parse_text("kvm: disabled by bios").kvm_disabled);
    assert_false(parse_text("x86/cpu: SGX disabled by BIOS.").vmx_disabled);
}

static void reads_an_arm64_log(void **state)
{
    (void)state;
    struct klog k = parse_text("Linux version 6.5.6-300.fc39.aarch64 (mockbuild) (gcc)\n"
                               "CPU: All CPU(s) started at EL2\n"
                               "kvm [1]: IPA Size Limit: 40 bits\n"
                               "kvm [1]: Hyp nVHE mode initialized successfully\n");
    assert_true(k.arm64 && !k.x86);
    assert_int_equal(k.el, KLOG_EL2);
    assert_true(k.hyp_mode && !k.no_hyp_mode);
    k = parse_text("CPU: All CPU(s) started at EL1\nkvm [1]: HYP mode not available\n");
    assert_int_equal(k.el, KLOG_EL1);
    assert_true(k.no_hyp_mode && !k.hyp_mode);
    assert_int_equal(parse_text("CPU: CPUs started in inconsistent modes").el, KLOG_EL_MIXED);
    assert_true(parse_text("kvm [1]: VHE mode initialized successfully").hyp_mode);
    assert_true(parse_text("kvm [1]: Protected nVHE mode initialized successfully").hyp_mode);
    assert_true(parse_text("Linux version 6.1.0-56-arm64 (debian-kernel)").arm64);
}

static void knows_every_kernels_word_for_secure_boot(void **state)
{
    (void)state;
    assert_int_equal(parse_text("Secure boot disabled").secure_boot, KLOG_SB_DISABLED);
    assert_int_equal(parse_text("Secure boot enabled").secure_boot, KLOG_SB_ENABLED);
    assert_int_equal(parse_text("ima: secureboot mode enabled").secure_boot, KLOG_SB_ENABLED);
    assert_int_equal(
        parse_text("secureboot: Secure boot could not be determined (mode 0)").secure_boot,
        KLOG_SB_UNKNOWN);
    assert_int_equal(parse_text("Bluetooth: hci0: Secure boot is enabled").secure_boot,
                     KLOG_SB_UNKNOWN);
    assert_int_equal(parse_text("Kernel is locked down from command line").secure_boot,
                     KLOG_SB_UNKNOWN);
}

static void efi_tables_of_old_kernels_have_more_blanks(void **state)
{
    (void)state;
    struct klog k = parse_text("[    0.000000] efi:  ACPI 2.0=0xd9  SMBIOS=0xf0 ");
    assert_true(span_is(k.efi_tables, "ACPI 2.0=0xd9  SMBIOS=0xf0"));
    k = parse_text("efi: mem05: [ACPI Reclaim Memory|   |  ] range=[0x0-0x1)\n"
                   "efi: seeding entropy pool\n");
    assert_int_equal(k.efi_tables.len, 0);
}

#define VERSION                                                                                    \
    "[    0.000000] Linux version 6.1.0-20-amd64 (debian-kernel@lists.debian.org) (gcc-12 "        \
    "(Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40) #1 SMP PREEMPT_DYNAMIC\n"
#define SHORT_VERSION                                                                              \
    "[    0.000000] Linux version 6.1.0-20-amd64\n(debian-kernel@lists.debian.org)\n"
#define TABLES "[    0.000000] efi: ACPI=0xa000 ACPI 2.0=0xa014 SMBIOS=0xb000"
#define MORE   "[    0.000000] DMI: Dell Inc. XPS 13/0KTW76, BIOS 1.2.3 01/02/2023\n"

static void a_line_of_tables_is_whole_only_where_it_had_room_to_go_on(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool cut;
    } rows[] = {
        {VERSION TABLES " \n" MORE, false},
        {VERSION TABLES "\n" MORE, false},
        {VERSION TABLES " (PROP=0x1 unusable) RNG=0x1 \r\n" MORE, false},
        /* nothing longer was seen: mail wraps, terminals cut */
        {SHORT_VERSION TABLES "\n" MORE, true},
        {SHORT_VERSION TABLES " \n" MORE, true},
        {TABLES " \n" MORE, true},
        /* another boot's lines tell nothing of this one's */
        {VERSION SHORT_VERSION TABLES " \n" MORE, true},
        {SHORT_VERSION TABLES " \n" MORE VERSION, true},
        /* the log ends here */
        {VERSION TABLES " \n", true},
        {VERSION TABLES, true},
        /* inside of a word */
        {VERSION TABLES " MEMATTT\n" MORE, true},
        {VERSION TABLES " SMBIOS\n" MORE, true},
        {VERSION TABLES " SMBIOS 3.\n" MORE, true},
        {VERSION TABLES " RNG=\n" MORE, true},
        {VERSION TABLES " RNG=0x\n" MORE, true},
        {VERSION TABLES " (PROP=0x1\n" MORE, true},
        {VERSION TABLES " ...\n" MORE, true},
        /* what followed was wrapped */
        {VERSION TABLES "\nMEMATTR=0x1\n" MORE, true},
        {VERSION TABLES "\n  SMBIOS 3.0=0x1 MEMATTR=0x1\n" MORE, true},
        /* padded to the width of a terminal */
        {SHORT_VERSION TABLES
         "                                                                           \n" MORE,
         true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct klog k = parse_text(rows[i].text);
        assert_true(k.efi_tables.len > 0);
        if (k.efi_tables_cut != rows[i].cut)
            fail_msg("row %zu is cut: %d", i, k.efi_tables_cut);
    }
    assert_false(parse_text(VERSION MORE).efi_tables_cut);
}

static void a_long_line_needs_the_blank_that_the_kernel_prints_last(void **state)
{
    (void)state;
    static const char more[] =
        " SMBIOS 3.0=0xb0000 TPMFinalLog=0xc0000 ESRT=0xd0000 MOKvar=0xe0000";
    char text[1024];
    (void)snprintf(text, sizeof text, "%s%s%s \n%s", VERSION, TABLES, more, MORE);
    assert_false(parse_text(text).efi_tables_cut);
    (void)snprintf(text, sizeof text, "%s%s%s%s RNG=0xf0000\n%s", VERSION, TABLES, more, more,
                   MORE);
    assert_true(parse_text(text).efi_tables_cut);
    (void)snprintf(text, sizeof text, "%s%s%s%s RNG=0xf0000 \n%s", VERSION, TABLES, more, more,
                   MORE);
    assert_false(parse_text(text).efi_tables_cut);
}

static void tables_are_read_one_by_one(void **state)
{
    (void)state;
    struct klog_table t;
    struct span s = klog_tables(
        span_of("efi:  ACPI 2.0=0x7dfe7000  junk (PROP=0x12 unusable) RNG=0x1F8 SMBIOS 3."));
    assert_true(klog_next_table(&s, &t) && span_is(t.name, "ACPI 2.0") && !t.unusable);
    assert_int_equal(t.address, 0x7dfe7000);
    assert_true(klog_next_table(&s, &t) && span_is(t.name, "PROP") && t.unusable);
    assert_true(klog_next_table(&s, &t) && span_is(t.name, "RNG") && !t.unusable);
    assert_int_equal(t.address, 0x1f8);
    assert_false(klog_next_table(&s, &t));
    assert_int_equal(klog_tables(span_of("efi: EFI v2.70 by X")).len, 0);
    assert_int_equal(klog_tables(span_of("efi: mem00: type=7, attr=0xf")).len, 0);
    assert_int_equal(klog_tables(span_of("SMBIOS=0x1 ACPI=0x2")).len, 0);
}

static void only_what_is_certainly_the_rest_goes_on(void **state)
{
    (void)state;
    static const struct {
        const char *tables, *line;
        bool goes_on;
    } rows[] = {
        {"ACPI=0x1", "SMBIOS=0x2", true},
        {"ACPI=0x1", "  SMBIOS=0x2 SMBIOS 3.0=0x3 ", true},
        {"ACPI=0x1 SMBIOS", "3.0=0x3 RNG=0x4", true},
        {"SMBIOS=0x1 ACPI", "2.0=0x3", true},
        {"ACPI=0x1", "RNG=0x1 SMBIOS", true},
        {"ACPI=0x1", "(PROP=0x1 unusable)", true},
        {"ACPI=0x1", "", false},
        {"ACPI=0x1", "SMBIOS 2.8 present.", false},
        {"ACPI=0x1", "[    0.000000] SMBIOS=0x2", false},
        {"ACPI=0x1", "> SMBIOS=0x2", false},
        {"ACPI=0x1", "SMBIOS=0x2 and so on", false},
        {"ACPI=0x1", "7000 SMBIOS=0x2", false},
        {"ACPI=0x1 SMB", "IOS=0x2", false},
        {"ACPI=0x1 RNG=", "0x2 MEMATTR=0x1", false},
        {"ACPI=0x1 SMBIOS", "SMBIOS=0x2", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (klog_tables_go_on(span_of(rows[i].tables), span_of(rows[i].line)) != rows[i].goes_on)
            fail_msg("row %zu", i);
    }
}

static void keeps_what_matters_and_never_a_command_line(void **state)
{
    (void)state;
    static const char *const kept[] = {
        "efi: EFI v2.7",
        "Linux version 6.1",
        "pci 0000:00:1f.0: Adding to iommu group 6",
        "DMAR: IOMMU enabled",
        "TPM: no longer",
        "tpm_tis 00:05: 2.0 TPM",
        "kvm [1]: VHE mode",
        "AMD-Vi: x",
        "virtio-pci 0000:00:04.0: Adding to iommu group 4",
        "DMI: x",
        "Secure boot enabled",
        "arm-smmu-v3 arm-smmu-v3.0.auto: x",
    };
    static const char *const dropped[] = {
        "Command line: efi: tpm Adding to iommu group",
        "Kernel command line: root=/dev/sda : Adding to iommu group 3",
        "Lockdown: swapper/0: hibernation is restricted",
        "usb 1-1: SerialNumber: 1234",
        "",
    };
    for (size_t i = 0; i < COUNT(kept); i++)
        assert_true(klog_matters(span_of(kept[i])));
    for (size_t i = 0; i < COUNT(dropped); i++)
        assert_false(klog_matters(span_of(dropped[i])));
}

static enum status parse(struct span text)
{
    struct klog k;
    struct span line;
    assert_int_equal(klog_parse(text, &k), ST_OK);
    while (span_next_line(&text, &line))
        (void)klog_matters(klog_message(line));
    return ST_OK;
}

static void stands_torture(void **state)
{
    (void)state;
    torture_text(parse, span_of("<6>[    0.000000] Linux version 6.1 (aarch64)\n"
                                "6,1,2,-;kvm [1]: VHE mode initialized successfully\n"
                                "Nov 22 15:00:00 h kernel: [    0.000000] [    T0] efi: ACPI=0x1\n"
                                "2024-05-01T10:00:00+02:00 h kernel: DMI: A B, BIOS 1 2\n"
                                "[Wed Nov 22 15:00:00 2023] Secure boot enabled\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_message_behind_every_prefix),
        cmocka_unit_test(keeps_brackets_that_are_no_time_stamp),
        cmocka_unit_test(what_other_programs_log_is_no_kernel_message),
        cmocka_unit_test(reads_an_x86_log),
        cmocka_unit_test(knows_every_kernels_word_for_disabled),
        cmocka_unit_test(reads_an_arm64_log),
        cmocka_unit_test(knows_every_kernels_word_for_secure_boot),
        cmocka_unit_test(efi_tables_of_old_kernels_have_more_blanks),
        cmocka_unit_test(a_line_of_tables_is_whole_only_where_it_had_room_to_go_on),
        cmocka_unit_test(a_long_line_needs_the_blank_that_the_kernel_prints_last),
        cmocka_unit_test(tables_are_read_one_by_one),
        cmocka_unit_test(only_what_is_certainly_the_rest_goes_on),
        cmocka_unit_test(keeps_what_matters_and_never_a_command_line),
        cmocka_unit_test(stands_torture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
