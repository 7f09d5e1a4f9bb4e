/* SPDX-License-Identifier: MIT */
/* What the kernel's log lists: ACPI tables, IOMMUs; and whatever stands before its messages. */
#include "support/cmocka.h"

#include "parse/klog/klog.h"
#include "parse/klog/klog_iommu.h"
#include "support/build.h"
#include "vbscheck/count.h"

static void what_stands_before_the_kernels_tag_is_cut(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "M\xc3\xa4r 22 16:48:39 host-x kernel: efi: A",
        "1\xe6\x9c\x88 22 16:48:39 host kernel: [    0.000000] efi: A",
        "[    0.083139] kernel: efi: A",
        "[    0.083139] host kernel: efi: A",
        "Mi 2025-10-22 15:00:00 CEST host kernel: efi: A",
        "1666000000.123456 host kernel: efi: A",
        "[  123.45 <    0.00> ] host kernel: efi: A",
        "2025 Jul  8 15:05:16.109392 sonic ERR kernel: [    0.000000] efi: A",
        "<6>1 2023-11-22T15:00:00Z host kernel - - - efi: A",
        "[Mi Okt 22 15:00:00 2025] efi: A",
        "[2023-11-22 15:00:00] [    0.000000] efi: A",
    };
    for (size_t i = 0; i < COUNT(lines); i++) {
        struct span m = klog_message(span_of(lines[i]));
        if (!span_is(m, "efi: A"))
            fail_msg("%s: %.*s", lines[i], (int)m.len, (const char *)m.ptr);
    }
}

static void nobody_forges_the_kernels_tag(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "Nov 22 15:00:00 host sudo[12]: x kernel: efi: A",
        "[    9.000000] usb 1-1: Product: kernel: efi: A",
        "[    9.000000] usb 1-1: X kernel: efi: A",
        "[    9.000000] two words kernel: efi: A",
        "kernel: efi: A",
        "Okt 22 15:00:00 host sudo: x kernel: efi: A",
    };
    for (size_t i = 0; i < COUNT(lines); i++)
        assert_false(span_starts(klog_message(span_of(lines[i])), "efi:"));
}

#define XSDT(len) "ACPI: XSDT 0x000000007AB5C0E0 " len " (v01 X)\n"
#define LIST                                                                                       \
    "ACPI: FACP 0x000000007AB5F980 000114 (v06 X)\nACPI: DSDT 0x000000007AB5C280 0036FC (v02 X)\n" \
    "ACPI: FACS 0x000000007AB5C240 000040\nACPI: APIC 0x000000007AB610C0 00006C (v03 X)\n"

static void a_list_of_tables_is_whole_if_the_root_tables_length_says_so(void **state)
{
    (void)state;
    static const struct {
        const char *log;
        bool lists_apic, lacks_wsmt;
    } rows[] = {
        {XSDT("000034") LIST, true, true},
        {XSDT("00003C") LIST, true, false}, /* one is missing */
        {XSDT("00002C") LIST, true, false},
        {XSDT("000034") LIST "DMI: x\nACPI: WSMT 0xFFFF8C9A41894C00 000028 (v01 X)\n", true, false},
        {LIST, true, false},
        {"ACPI: RSDT 00000000bcb6a5b6 00002C (v01 X)\n" LIST, true, true},
        {XSDT("000034") "ACPI: FACP 0x000000007AB5F980 000114 (v06 X)\nDMI: x\n" LIST, true, false},
        {XSDT("000010") LIST, true, false}, /* shorter than a header */
        /* One is missing, and what stands for it is none, or another once more. */
        {XSDT("00003C") LIST "ACPI: RSDP 0x00000000000F04A0 000024 (v02 X)\n", true, false},
        {XSDT("00003C") LIST "ACPI: APIC 0x000000007AB610C0 00006C (v03 X)\n", true, false},
        {XSDT("00003C") LIST "ACPI: APIC 0x000000007AB61200 00006C (v03 X)\n", true, true},
        {"Hypervisor detected: Xen PV\n" XSDT("000034") LIST, true, false},
        {"Linux version 5.15.0-microsoft-standard-WSL2 (x)\n" XSDT("000034") LIST, true, false},
        {"ACPI: APIC is fine\nACPI: APIC 0x1 000024\n", false, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct klog k;
        assert_int_equal(klog_parse(span_of(rows[i].log), &k), ST_OK);
        if (klog_acpi_lists(&k.acpi, "APIC") != rows[i].lists_apic ||
            klog_acpi_lacks(&k.acpi, "WSMT") != rows[i].lacks_wsmt ||
            klog_acpi_lacks(&k.acpi, "XXXX"))
            fail_msg("row %zu", i);
    }
}

/* No prefix of a list proves more than the list. */
static void a_cut_list_proves_nothing(void **state)
{
    (void)state;
    static const char list[] = XSDT("00003C") LIST "ACPI: WSMT 0x000000007AB61000 000028 (v01 X)\n";
    for (size_t n = 0; n < sizeof list; n++) {
        struct klog k;
        (void)klog_parse((struct span){(const uint8_t *)list, n}, &k);
        assert_false(klog_acpi_lacks(&k.acpi, "WSMT"));
    }
}

static void units_are_read_of_every_driver(void **state)
{
    (void)state;
    static const struct {
        const char *log;
        size_t vtd, amd, smmus;
        bool driven, all, dead;
    } rows[] = {
        {"DMAR: DRHD base: 0x000000fed91000 flags: 0x1\n", 1, 0, 0, false, true, false},
        {"dmar: DRHD base: 0x000000fed91000 flags: 0x0\n", 1, 0, 0, false, false, false},
        {"DMAR: DRHD base: 0x00000000000000 flags: 0x1\n", 0, 0, 0, false, false, false},
        {"DMAR: DRHD base: 0x000000fbffc000 flags: 0x1\nDMAR: [Firmware Bug]: Your BIOS is broken; "
         "DMAR reported at address fbffc000 returns all ones!\n",
         1, 0, 0, false, true, true},
        {"DMAR: Intel-IOMMU force enabled due to platform opt in\n", 0, 0, 0, true, false, false},
        {"DMAR: dmar0: Using Queued invalidation\n", 0, 0, 0, true, false, false},
        {"DMAR: No ATSR found\n", 0, 0, 0, false, false, false},
        {"pci 0000:00:00.2: AMD-Vi: Found IOMMU cap 0x40\nAMD-Vi: Interrupt remapping enabled\n", 0,
         1, 0, false, false, false},
        {"AMD-Vi: AMD IOMMUv2 functionality not available on this system\n", 0, 0, 0, false, false,
         false},
        {"arm-smmu-v3 arm-smmu-v3.0.auto: ias 44-bit, oas 44-bit (features 0x8305)\n", 0, 0, 1,
         false, false, false},
        {"usb 1-1: Product: DMAR: DRHD base: 0x1000 flags: 0x1\n", 0, 0, 0, false, false, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena a;
        struct klog_iommu l;
        test_arena(&a);
        klog_iommu_read(span_of(rows[i].log), &a, &l);
        bool all = l.n > 0 && l.drhds[0].takes_all, dead = l.n > 0 && l.drhds[0].dead;
        if (l.n != rows[i].vtd || l.amd != rows[i].amd || l.smmus != rows[i].smmus ||
            l.vtd != rows[i].driven || all != rows[i].all || dead != rows[i].dead)
            fail_msg("row %zu", i);
        arena_reset(&a);
    }
}

#define DRHD(base, flags) "DMAR: DRHD base: 0x0000" base " flags: " flags "\n"
#define SET_UP(n, base)   "DMAR: dmar" n ": reg_base_addr " base " ver 1:0 cap 1 ecap 2\n"
#define FIRST             DRHD("fed90000", "0x0") SET_UP("0", "fed90000")
#define LAST(n)           DRHD("fed91000", "0x1") SET_UP(n, "fed91000")
#define RMRR              "DMAR: RMRR base: 0x0000009b000000 end: 0x0000009f7fffff\n"

/* What is left of a log that lost lines names fewer units than the machine has. */
static void units_are_all_only_if_their_numbers_say_so(void **state)
{
    (void)state;
    static const struct {
        const char *log;
        bool whole;
    } rows[] = {
        {FIRST LAST("1") RMRR, true},
        {LAST("0") RMRR, true},
        {LAST("0") "TPM: x\n", true},
        {"dmar: DRHD base: 0x0000fed91000 flags: 0x1\n"
         "IOMMU 0: reg_base_addr fed91000 ver 1:0 cap 1 ecap 2\nDMI: x\n",
         true},
        {FIRST LAST("1") RMRR "DMAR-IR: IOAPIC id 2 under DRHD base  0xfed91000 IOMMU 1\n", true},
        {LAST("1") RMRR, false},                     /* the first is gone */
        {FIRST RMRR, false},                         /* the last is gone */
        {FIRST LAST("1"), false},                    /* another may follow */
        {FIRST LAST("2") RMRR, false},               /* one between them is gone */
        {FIRST DRHD("fed91000", "0x1") RMRR, false}, /* it was never set up */
        {FIRST SET_UP("1", "fed91000") RMRR, false}, /* its own line is gone */
        {LAST("0") FIRST RMRR, false},               /* two boots */
        {LAST("0") LAST("0") RMRR, false},           /* two boots */
        {DRHD("fed90000", "0x0") SET_UP("0", "fed91000") LAST("1") RMRR, false},
        {LAST("0") RMRR "DMAR-IR: IOAPIC id 2 under DRHD base  0xfed91000 IOMMU 1\n", false},
        {LAST("0") RMRR "DMAR: dmar1: Using Queued invalidation\n", false},
        {LAST("0") "usb 1-1: x\n", false},
        {RMRR, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena a;
        struct klog_iommu l;
        test_arena(&a);
        klog_iommu_read(span_of(rows[i].log), &a, &l);
        if (l.whole != rows[i].whole)
            fail_msg("row %zu", i);
        arena_reset(&a);
    }
}

static void words_of_arm_and_of_tpms_are_read(void **state)
{
    (void)state;
    struct klog k;
    (void)klog_parse(span_of("Booting Linux on physical CPU 0x0000000000 [0x410fd083]\n"), &k);
    assert_true(k.arm64 && k.has_midr && k.midr == 0x410fd083);
    (void)klog_parse(
        span_of("Booting Linux on physical CPU 0x0\nCPU: ARMv7 Processor [410fc075]\n"), &k);
    assert_true(!k.arm64 && k.has_midr && k.midr == 0x410fc075 && k.armv7);
    (void)klog_parse(span_of("tpm_tis 00:09: 1.2 TPM (device-id 0x1020, rev-id 6)\n"), &k);
    assert_true(k.tpm_1 && !k.tpm_2);
    (void)klog_parse(span_of("tpm_tis MSFT0101:00: 2.0 TPM (device-id 0x1B, rev-id 16)\n"), &k);
    assert_true(k.tpm_2 && !k.tpm_1);
    (void)klog_parse(span_of("EFI v2.31 by X\n"), &k);
    assert_true(k.efi);
    (void)klog_parse(span_of("EFI variables are there\n"), &k);
    assert_false(k.efi);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_stands_before_the_kernels_tag_is_cut),
        cmocka_unit_test(nobody_forges_the_kernels_tag),
        cmocka_unit_test(a_list_of_tables_is_whole_if_the_root_tables_length_says_so),
        cmocka_unit_test(a_cut_list_proves_nothing),
        cmocka_unit_test(units_are_read_of_every_driver),
        cmocka_unit_test(units_are_all_only_if_their_numbers_say_so),
        cmocka_unit_test(words_of_arm_and_of_tpms_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
