/* SPDX-License-Identifier: MIT */
/* Boots of one log: by their beginnings, by time, and by what a kernel says once. */
#include <stdio.h>

#include "parse/klog/klog_boots.h"
#include "parse/klog/klog_once.h"
#include "parse/klog/klog_order.h"
#include "support/build.h"
#include "support/cmocka.h"
#include "vbscheck/count.h"

/* Every kind of line of which a boot has one, and a second that contradicts it. */
static const struct {
    const char *one, *other;
} kinds[] = {
    {"BIOS-e820: [mem 0x0-0x9fbff] usable", "BIOS-e820: [mem 0x0-0x9fbff] reserved"},
    {"BIOS-e820: 0000000000000000 - 000000000009fc00 (usable)",
     "BIOS-e820: 0000000000000000 - 000000000009fc00 (reserved)"},
    {"efi: EFI v2.70 by Dell Inc.", "efi: EFI v2.40 by Dell Inc."},
    {"EFI v2.31 by American Megatrends", "EFI v2.00 by American Megatrends"},
    {"efi: ACPI 2.0=0x1 SMBIOS=0x2 MEMATTR=0x3", "efi: ACPI 2.0=0x1 SMBIOS=0x2 ESRT=0x4"},
    {"efi: ACPI 2.0=0x1 SMBIOS=0x2", "efi: ACPI 2.0=0x1 SMBIOS=0x2 MEMATTR=0x3"},
    {"secureboot: Secure boot enabled", "secureboot: Secure boot disabled"},
    {"Secure boot enabled", "Secure boot could not be determined"},
    {"ima: secureboot mode disabled", "ima: secureboot mode enabled"},
    {"DMI: A B/C, BIOS 1.0 01/01/2020", "DMI: A B/C, BIOS 1.1 01/01/2022"},
    {"Hypervisor detected: KVM", "Hypervisor detected: Microsoft Hyper-V"},
    {"Hyper-V: privilege flags low 0x1, high 0x2", "Hyper-V: privilege flags low 0x1, high 0x3"},
    {"ACPI: XSDT 0x000000007AB5C0E0 00004C (v01 A)",
     "ACPI: XSDT 0x000000007AB5C0E0 000044 (v01 A)"},
    {"ACPI: RSDT 0x000000007AB5C0E0 00004C (v01 A)",
     "ACPI: XSDT 0x000000007AB5C0E0 000044 (v01 A)"},
    {"ACPI: DMAR 0x000000007AB5F980 000114 (v01 A)",
     "ACPI: DMAR 0x000000007AB5F980 000118 (v01 A)"},
    {"ACPI: APIC 00000000bcb79be5 000078 (v01 A)", "ACPI: APIC 00000000bcb79be5 000078 (v02 A)"},
    {"Booting paravirtualized kernel on bare hardware", "Booting paravirtualized kernel on KVM"},
    {"DMAR: DRHD base: 0x000000fed91000 flags: 0x1",
     "DMAR: DRHD base: 0x000000fed91000 flags: 0x0"},
    {"dmar: DRHD base: 0x000000fed91000 flags: 0x1",
     "dmar: DRHD base: 0x000000fed91000 flags: 0x0"},
    {"DMAR: dmar0: reg_base_addr fed90000 ver 1:0 cap d2008c40660462 ecap f050da",
     "DMAR: dmar0: reg_base_addr fed90000 ver 1:0 cap 0 ecap f050da"},
    {"dmar: IOMMU 0: reg_base_addr fed90000 ver 1:0 cap 1 ecap 2",
     "dmar: IOMMU 0: reg_base_addr fed90000 ver 1:0 cap 0 ecap 2"},
    {"IOMMU 0: reg_base_addr fed90000 ver 1:0 cap 1 ecap 2",
     "IOMMU 0: reg_base_addr fed91000 ver 1:0 cap 1 ecap 2"},
    {"pci 0000:00:00.2: AMD-Vi: Found IOMMU cap 0x40",
     "pci 0000:00:00.2: AMD-Vi: Found IOMMU cap 0x50"},
    {"AMD-Vi: Found IOMMU at 0000:00:00.2 cap 0x40",
     "AMD-Vi: Found IOMMU at 0000:00:00.2 cap 0x50"},
    {"arm-smmu-v3 arm-smmu-v3.0.auto: ias 44-bit, oas 44-bit (features 0x1)",
     "arm-smmu-v3 arm-smmu-v3.0.auto: ias 48-bit, oas 48-bit (features 0x1)"},
    {"CPU: All CPU(s) started at EL2", "CPU: All CPU(s) started at EL1"},
    {"CPU: All CPU(s) started at EL2", "CPU: CPUs started in inconsistent modes"},
    {"kvm [1]: VHE mode initialized successfully", "kvm [1]: HYP mode not available"},
    {"tpm_tis MSFT0101:00: 2.0 TPM (device-id 0x1B, rev-id 16)",
     "tpm_tis MSFT0101:00: 1.2 TPM (device-id 0x1B, rev-id 16)"},
};

struct cuts {
    struct arena arena;
    struct klog_boots boots;
};

static void find(struct cuts *c, const char *text)
{
    test_arena(&c->arena);
    klog_boots_find(span_of(text), &c->arena, &c->boots);
}

static void end(struct cuts *c)
{
    arena_reset(&c->arena);
}

/* Both orders are open: both boots are judged. */
static void a_second_line_of_a_kind_that_differs_is_of_another_boot(void **state)
{
    (void)state;
    static const char *const forms[][2] = {{"[    0.000000] ", "[    0.000000] "},
                                           {"", ""},
                                           {"[    0.100000] ", "[    0.000000] "},
                                           {"[    0.100000] ", "[    0.200000] "}};
    for (size_t i = 0; i < COUNT(kinds); i++) {
        for (size_t k = 0; k < COUNT(forms); k++) {
            char text[512];
            struct cuts c;
            (void)snprintf(text, sizeof text, "%s%s\n%s%s\n", forms[k][0], kinds[i].one,
                           forms[k][1], kinds[i].other);
            find(&c, text);
            if (c.boots.n != 2 || c.boots.n_open != 1 ||
                !span_find(c.boots.last, kinds[i].other, NULL))
                fail_msg("%s, form %zu", kinds[i].one, k);
            end(&c);
        }
    }
}

static void of_two_boots_with_dates_the_later_is_the_last(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        char text[512];
        struct cuts c;
        (void)snprintf(text, sizeof text,
                       "Nov 22 15:00:00 h kernel: %s\nNov 23 15:00:00 h kernel: %s\n", kinds[i].one,
                       kinds[i].other);
        find(&c, text);
        if (c.boots.n != 2 || c.boots.n_open != 0 || !span_starts(c.boots.last, "Nov 23"))
            fail_msg("%s", kinds[i].one);
        end(&c);
    }
}

static void the_same_line_again_is_of_the_same_boot(void **state)
{
    (void)state;
    static const char *const forms[][2] = {
        {"[    0.000000] ", "[    0.000000] "},
        {"", ""},
        {"Nov 22 15:00:00 h kernel: ", "Nov 22 15:00:01 h kernel: "},
        {"[    0.310000] ", "[    0.310000] "},
    };
    for (size_t i = 0; i < COUNT(kinds); i++) {
        for (size_t k = 0; k < COUNT(forms); k++) {
            char text[512];
            struct cuts c;
            (void)snprintf(text, sizeof text, "%s%s\n%s%s\n", forms[k][0], kinds[i].one,
                           forms[k][1], kinds[i].one);
            find(&c, text);
            if (c.boots.n != 1 || c.boots.n_open != 0)
                fail_msg("%s, form %zu", kinds[i].one, k);
            end(&c);
        }
    }
}

/* Yet a day later, or with a stamp that is lower, it is of the next. */
static void the_same_line_a_day_later_is_of_another_boot(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t n, open;
    } rows[] = {
        {"Nov 22 15:00:00 h kernel: efi: EFI v2.7 by X\nNov 23 15:00:00 h kernel: efi: EFI v2.7 by "
         "X\n",
         2, 0},
        {"[    0.000100] efi: EFI v2.7 by X\n[    0.5] x\n[    0.000000] efi: EFI v2.7 by X\n", 2,
         1},
        /* a log that was read twice, a driver that was loaded anew */
        {"Nov 22 15:00:00 h kernel: [    3.100000] tpm_tis A:00: 2.0 TPM (device-id 0x1B, rev-id "
         "1)\n"
         "Nov 23 15:00:00 h kernel: [    3.100000] tpm_tis A:00: 2.0 TPM (device-id 0x1B, rev-id "
         "1)\n",
         1, 0},
        {"Nov 22 15:00:00 h kernel: [    3.100000] tpm_tis A:00: 2.0 TPM (device-id 0x1B, rev-id "
         "1)\n"
         "Nov 23 15:00:00 h kernel: [ 9003.100000] tpm_tis A:00: 2.0 TPM (device-id 0x1B, rev-id "
         "1)\n",
         1, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cuts c;
        find(&c, rows[i].text);
        if (c.boots.n != rows[i].n || c.boots.n_open != rows[i].open)
            fail_msg("row %zu: %zu, %zu", i, c.boots.n, c.boots.n_open);
        end(&c);
    }
}

/* What is printed between the two is of the boot to whose time it fits. */
static void a_boot_begins_where_time_has_its_break(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "Nov 22 15:00:00 h kernel: efi: EFI v2.7 by X\nNov 23 09:00:00 h kernel: Hypervisor "
        "detected: "
        "KVM\nNov 23 09:00:01 h kernel: efi: EFI v2.7 by X\n",
        "[    0.100000] efi: EFI v2.7 by X\n[    0.000000] Hypervisor detected: KVM\n"
        "[    0.000002] efi: EFI v2.8 by X\n",
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cuts c;
        find(&c, rows[i]);
        assert_int_equal(c.boots.n, 2);
        assert_true(span_find(c.boots.last, "Hypervisor", NULL));
        end(&c);
    }
}

/* Without any time: where a line comes that kernels print before the last one. */
static void a_boot_begins_where_the_order_of_lines_does(void **state)
{
    (void)state;
    struct cuts c;
    find(&c, "efi: EFI v2.7 by X\nDMI: A, BIOS 1\nBIOS-e820: [mem 0x0-0x9fbff] usable\n"
             "efi: EFI v2.8 by X\n");
    assert_int_equal(c.boots.n, 2);
    assert_true(span_starts(c.boots.last, "BIOS-e820"));
    end(&c);
    /* Each unit's registers follow its own line. */
    find(&c, "DMAR: DRHD base: 0x1000 flags: 0x0\nDMAR: dmar0: reg_base_addr 1000 cap 1 ecap 1\n"
             "DMAR: DRHD base: 0x2000 flags: 0x0\nDMAR: dmar1: reg_base_addr 2000 cap 1 ecap 1\n"
             "DMAR: dmar0: reg_base_addr 1000 cap 0 ecap 1\n");
    assert_int_equal(c.boots.n, 2);
    assert_true(span_starts(c.boots.last, "DMAR: dmar0: reg_base_addr 1000 cap 0"));
    end(&c);
}

static void what_stands_before_the_first_marker_is_a_boot_if_it_matters(void **state)
{
    (void)state;
    struct cuts c;
    find(
        &c,
        "-- Journal begins at Wed 2023-11-22 15:00:00 CET. --\n-- Boot 1 --\nefi: EFI v2.7 by X\n");
    assert_int_equal(c.boots.n, 1);
    end(&c);
    find(&c, "efi: EFI v2.6 by X\n-- Boot 1 --\nefi: EFI v2.7 by X\n");
    assert_int_equal(c.boots.n, 2);
    end(&c);
}

static void time_that_runs_back_parts_two_boots(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t n, open;
    } rows[] = {
        {"[    9.000000] kvm: x\n[    0.000000] efi: EFI v2.7 by X\n", 2, 1},
        /* less than several CPUs explain, but from the start */
        {"[    0.178000] kvm: x\n[    0.000000] iommu: x\n", 2, 1},
        {"[    0.009000] kvm: x\n[    0.000000] iommu: x\n", 1, 0},
        {"[    0.178000] kvm: x\n[    0.100000] iommu: x\n", 1, 0},
        /* dates tell the order, and part boots that were cut short */
        {"Nov 22 15:00:00 h kernel: [  900.000000] kvm: x\n"
         "Nov 23 15:00:00 h kernel: [    0.100000] iommu: x\n",
         2, 0},
        {"Nov 22 15:00:00 h kernel: [    0.178000] kvm: x\n"
         "Nov 22 15:11:00 h kernel: [    0.100000] iommu: x\n",
         2, 0},
        {"Nov 22 15:00:00 h kernel: [    0.178000] kvm: x\n"
         "Nov 22 15:09:00 h kernel: [    0.100000] iommu: x\n",
         1, 0},
        {"Nov 22 15:00:00 h kernel: efi: EFI v2.7 by X\nNov 20 15:00:00 h kernel: kvm: disabled by "
         "bios\n",
         2, 1},
        /* the end of one boot, and the next from its first line */
        {"[  900.000000] kvm: disabled by bios\n[    0.000000] Linux version 6.1.0 (x)\n", 2, 0},
        {"Nov 22 15:00:00 h kernel: kvm: disabled by bios\nNov 23 15:00:00 h kernel: Linux version "
         "6\n",
         2, 0},
        {"Nov 23 15:00:00 h kernel: Linux version 6\nNov 23 10:00:00 h kernel: Linux version 6\n",
         2, 1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cuts c;
        find(&c, rows[i].text);
        if (c.boots.n != rows[i].n || c.boots.n_open != rows[i].open)
            fail_msg("row %zu: %zu, %zu", i, c.boots.n, c.boots.n_open);
        end(&c);
    }
}

/* Controls: one boot each. */
/* Long names of hosts leave little room: mail wraps the line of the version itself. */
static void wrapped_lines_part_two_boots(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t n, open;
    } rows[] = {
        {"Nov 22 15:00:00 h kernel: [    0.000000] Linux version\n6.8.0-31 (x)\n"
         "Nov 23 15:00:00 h kernel: [    0.000000] Linux version\n6.8.0-49 (x)\n",
         2, 0},
        {"Nov 22 15:00:00 h kernel: [    0.000000] Linux\nversion 6.8.0-31 (x)\n"
         "Nov 23 15:00:00 h kernel: [    0.000000] Linux\nversion 6.8.0-49 (x)\n",
         2, 0},
        {"Linux\nNov 23 15:00:00 h kernel: Linux version 6.8.0\nLinux\nLinux\n", 1, 0},
        {"[    0.000000] Booting Linux on physical\nCPU 0x0\n"
         "[    0.000000] Linux version\n6.8.0-31 (x)\n",
         1, 0},
        {"efi: ACPI=0x1 ACPI\n2.0=0x1 SMBIOS=0x2\nMEMATTR=0x3\n"
         "efi: ACPI=0x1 ACPI\n2.0=0x1 SMBIOS=0x2\nESRT=0x3\n",
         2, 1},
        {"efi: ACPI=0x1 ACPI\n2.0=0x1 SMBIOS=0x2\nefi: ACPI=0x1 ACPI\n2.0=0x1 SMBIOS=0x2\n", 1, 0},
        {"Nov 22 15:00:00 h kernel: BIOS-e820: [mem 0x0-0x9ffff]\nusable\n"
         "Nov 23 15:00:00 h kernel: BIOS-e820: [mem 0x0-0x9ffff]\nusable\n",
         2, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cuts c;
        find(&c, rows[i].text);
        if (c.boots.n != rows[i].n || c.boots.n_open != rows[i].open)
            fail_msg("row %zu: %zu, %zu", i, c.boots.n, c.boots.n_open);
        end(&c);
    }
}

static void one_boot_stays_one(void **state)
{
    (void)state;
    static const char *const rows[] = {
        /* several CPUs out of order; asleep for days */
        "[    0.400000] efi: EFI v2.7 by X\n[    0.100000] DMAR: DRHD base: 0x1000 flags: 0x1\n",
        "[    0.400000] efi: EFI v2.7 by X\n[90000.000000] DMAR: x\n",
        /* a clock that was never set, one kept in local time, one that NTP sets back */
        "Jan  1 00:00:08 h kernel: efi: EFI v2.7 by X\nNov 22 15:00:00 h kernel: kvm: x\n",
        "1970-01-01T00:00:08+00:00 h kernel: efi: EFI v2.7 by X\n"
        "2024-11-22T15:00:00+00:00 h kernel: kvm: x\n",
        "Nov 22 15:00:00 h kernel: efi: EFI v2.7 by X\nNov 22 13:00:05 h kernel: kvm: x\n",
        "Nov 22 01:00:00 h kernel: efi: EFI v2.7 by X\nNov 21 17:00:05 h kernel: kvm: x\n",
        "Nov 22 15:00:05 h kernel: efi: EFI v2.7 by X\nNov 22 15:00:03 h kernel: kvm: x\n",
        /* a new year; dmesg -T */
        "Dec 31 23:59:59 h kernel: efi: EFI v2.7 by X\nJan  1 00:00:01 h kernel: kvm: x\n",
        "[Wed Nov 22 15:00:00 2023] efi: EFI v2.7 by X\n[Sun Nov 26 15:00:00 2023] kvm: x\n",
        /* Arm; a listing of the memory map, which a boot has twice */
        "[    0.000000] Booting Linux on physical CPU 0x0\n[    0.000000] Linux version 6.1.0 "
        "(x)\n",
        "[    0.000000] efi: mem00: [Boot Code|x] range=[0x0-0xfff] (0MB)\n"
        "[    0.030000] efi: mem00: [Runtime Code|x] range=[0x1000-0x1fff] (0MB)\n",
        /* two units, two tables of one kind, two chips */
        "DMAR: DRHD base: 0x000000fed90000 flags: 0x0\nDMAR: DRHD base: 0x000000fed91000 flags: "
        "0x1\n",
        "ACPI: WSMT 0x000000007AB5C440 000028 (v01 A)\nACPI: WSMT 0x000000007AB5C540 000028 (v01 "
        "A)\n",
        "pci 0000:00:00.2: AMD-Vi: Found IOMMU cap 0x40\npci 0000:20:00.2: AMD-Vi: Found IOMMU cap "
        "0x50\n",
        "",
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cuts c;
        find(&c, rows[i]);
        if (c.boots.n != 1 || c.boots.n_open != 0)
            fail_msg("row %zu: %zu", i, c.boots.n);
        end(&c);
    }
}

static void a_kernel_that_another_started_is_the_last_boot(void **state)
{
    (void)state;
    struct cuts c;
    find(&c,
         "[    0.000000] Linux version 6.1.0 (x)\n[  100.000000] kexec_core: Starting new kernel\n"
         "[    0.000000] Linux version 6.2.0 (x)\n");
    assert_int_equal(c.boots.n, 2);
    assert_int_equal(c.boots.n_open, 0);
    assert_true(span_find(c.boots.last, "6.2.0", NULL));
    end(&c);
}

static void the_newest_line_first_is_seen(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool reversed;
    } rows[] = {
        {"[    0.200000] kvm: x\n[    0.100000] DMI: A, BIOS 1\n[    0.000000] Linux version 6\n",
         true},
        {"[    0.000000] Linux version 6\n[    0.100000] DMI: A, BIOS 1\n[    0.200000] kvm: x\n",
         false},
        {"Nov 23 15:00:03 h kernel: kvm: x\nNov 23 15:00:02 h kernel: efi: EFI v2.7 by X\n"
         "Nov 23 15:00:00 h kernel: Linux version 6\n",
         true},
        /* all in one second, as the journal has the first lines */
        {"Nov 23 15:00:00 h kernel: DMI: A, BIOS 1\nNov 23 15:00:00 h kernel: efi: EFI v2.7 by X\n"
         "Nov 23 15:00:00 h kernel: Linux version 6\n",
         true},
        /* two boots in the wrong order, each of which runs forwards */
        {"Nov 23 15:00:00 h kernel: Linux version 6\nNov 23 15:00:00 h kernel: efi: EFI v2.7 by X\n"
         "Nov 22 15:00:00 h kernel: Linux version 6\nNov 22 15:00:00 h kernel: efi: EFI v2.7 by "
         "X\n",
         false},
        {"[    0.200000] kvm: x\n[    0.100000] DMI: A, BIOS 1\n", false}, /* two CPUs */
        {"", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (klog_is_newest_first(span_of(rows[i].text)) != rows[i].reversed)
            fail_msg("row %zu", i);
    }
}

static void more_lines_than_a_kernel_prints_are_too_many(void **state)
{
    (void)state;
    enum { LINES = (1 << 16) + 1, WIDTH = 40 };
    struct cuts c;
    test_arena(&c.arena);
    char *text = arena_new(&c.arena, char, LINES *WIDTH);
    size_t n = 0;
    for (unsigned i = 0; i < LINES; i++)
        n += (size_t)snprintf(text + n, WIDTH, "DMAR: DRHD base: 0x%x flags: 0x0\n", i);
    klog_boots_find((struct span){(const uint8_t *)text, n}, &c.arena, &c.boots);
    assert_true(c.boots.crowded);
    end(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_second_line_of_a_kind_that_differs_is_of_another_boot),
        cmocka_unit_test(of_two_boots_with_dates_the_later_is_the_last),
        cmocka_unit_test(the_same_line_again_is_of_the_same_boot),
        cmocka_unit_test(the_same_line_a_day_later_is_of_another_boot),
        cmocka_unit_test(a_boot_begins_where_time_has_its_break),
        cmocka_unit_test(a_boot_begins_where_the_order_of_lines_does),
        cmocka_unit_test(what_stands_before_the_first_marker_is_a_boot_if_it_matters),
        cmocka_unit_test(time_that_runs_back_parts_two_boots),
        cmocka_unit_test(wrapped_lines_part_two_boots),
        cmocka_unit_test(one_boot_stays_one),
        cmocka_unit_test(a_kernel_that_another_started_is_the_last_boot),
        cmocka_unit_test(the_newest_line_first_is_seen),
        cmocka_unit_test(more_lines_than_a_kernel_prints_are_too_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
