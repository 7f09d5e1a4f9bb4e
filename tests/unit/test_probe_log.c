/* SPDX-License-Identifier: MIT */
/* A kernel's log and nothing else: what rules make of it. */
#include "support/cmocka.h"

#include "rules/remedies.h"
#include "support/build.h"
#include "support/iommu.h"
#include "support/scene.h"
#include "vbscheck/count.h"

#define START                                                                                      \
    "Linux version 6.1.0 (x)\nBIOS-e820: [mem 0x0-0x9ffff] usable\n"                               \
    "DMI: ACME Box/Board, BIOS 1.0 01/01/2024\n"
#define LINE(sig) "ACPI: " sig " 0x000000007AB5F980 000114 (v06 X)\n"
#define XSDT(len) "ACPI: XSDT 0x000000007AB5C0E0 " len " (v01 X)\n"
#define BARE      "Booting paravirtualized kernel on bare hardware\n"
#define UNIT      "DMAR: DRHD base: 0x000000fed91000 flags: 0x1\n"
#define REGISTERS "DMAR: dmar0: reg_base_addr fed91000 ver 1:0 cap d2008c40660462 ecap f050da\n"
#define SECOND    "DMAR: dmar1: reg_base_addr fed91000 ver 1:0 cap d2008c40660462 ecap f050da\n"
#define GRAPHICS                                                                                   \
    "DMAR: DRHD base: 0x000000fed90000 flags: 0x0\n"                                               \
    "DMAR: dmar0: reg_base_addr fed90000 ver 1:0 cap 1c0000c40660462 ecap 19e2ff0505e\n"
#define SMMU   "Linux version 6.6.0 (aarch64-gcc)\narm-smmu 15000000.iommu: SMMUv2 with:\n"
#define BEHIND "DMAR: No ATSR found\n"

struct expect {
    const char *rule;
    enum verdict verdict;
};

static void a_log_decides_what_it_tells(void **state)
{
    (void)state;
    static const struct {
        const char *log;
        struct expect expect[3];
    } rows[] = {
        /* The whole list lacks them: no table of an IOMMU, no WSMT, no TPM. */
        {START XSDT("000034") LINE("FACP") LINE("APIC") BARE,
         {{"iommu.present", V_FAIL}, {"smm.wsmt", V_FAIL}, {"tpm.version", V_FAIL}}},
        /* One is missing of the list. */
        {START XSDT("00003C") LINE("FACP") LINE("APIC") BARE,
         {{"iommu.present", V_UNKNOWN}, {"smm.wsmt", V_UNKNOWN}, {"tpm.version", V_UNKNOWN}}},
        /* There, and not read. */
        {START XSDT("00003C") LINE("FACP") LINE("APIC") LINE("WSMT") BARE,
         {{"iommu.present", V_FAIL}, {"smm.wsmt", V_UNKNOWN}}},
        {START UNIT REGISTERS BEHIND, {{"iommu.present", V_PASS}, {"iommu.translation", V_PASS}}},
        {START GRAPHICS UNIT SECOND BEHIND, {{"iommu.translation", V_PASS}}},
        /* Cut behind the first unit, before it, and where more might follow. */
        {START GRAPHICS BEHIND, {{"iommu.present", V_PASS}, {"iommu.translation", V_UNKNOWN}}},
        {START UNIT SECOND BEHIND, {{"iommu.present", V_PASS}, {"iommu.translation", V_UNKNOWN}}},
        {START UNIT REGISTERS, {{"iommu.present", V_PASS}, {"iommu.translation", V_UNKNOWN}}},
        {START UNIT, {{"iommu.present", V_PASS}, {"iommu.translation", V_UNKNOWN}}},
        {START
         "dmar: DRHD base: 0x000000fed91000 flags: 0x1\ndmar: IOMMU 0: reg_base_addr fed91000 "
         "ver 1:0 cap d2008c40660462 ecap f050da\ndmar: No ATSR found\n",
         {{"iommu.present", V_PASS}, {"iommu.translation", V_PASS}}},
        {START UNIT "DMAR: [Firmware Bug]: Your BIOS is broken; DMAR reported at address fed91000 "
                    "returns all ones!\n",
         {{"iommu.translation", V_FAIL}}},
        {START "DMAR: DRHD base: 0x00000000000000 flags: 0x1\n", {{"iommu.present", V_UNKNOWN}}},
        {START "DMAR: Intel-IOMMU force enabled due to platform opt in\n",
         {{"iommu.present", V_PASS}, {"iommu.dma-opt-in", V_PASS}}},
        {START "pci 0000:00:00.2: AMD-Vi: Found IOMMU cap 0x40\n",
         {{"iommu.present", V_PASS}, {"iommu.translation", V_UNKNOWN}}},
        {SMMU, {{"iommu.present", V_PASS}, {"iommu.translation", V_PASS}}},
        {SMMU "arm-smmu 15000000.iommu: no translation support!\n",
         {{"iommu.present", V_PASS}, {"iommu.translation", V_UNKNOWN}}},
        {START "tpm_tis 00:09: 1.2 TPM (device-id 0x1020, rev-id 6)\n", {{"tpm.version", V_FAIL}}},
        {START "tpm_tis MSFT0101:00: 2.0 TPM (device-id 0x1B, rev-id 16)\n",
         {{"tpm.version", V_PASS}}},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        scene_begin(&s);
        scene_text(&s, "efi/kernel-log", rows[i].log);
        scene_judge(&s);
        for (size_t k = 0; k < 3 && rows[i].expect[k].rule != NULL; k++) {
            const struct expect *e = &rows[i].expect[k];
            if (scene_verdict(&s, e->rule) != e->verdict)
                fail_msg("row %zu, %s: %s", i, e->rule, verdict_name(scene_verdict(&s, e->rule)));
        }
        scene_end(&s);
    }
}

/* Of metal, from its first line, of the level INFO, and no line of EFI. */
static void a_legacy_boot_is_seen_in_a_log_that_lacks_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *log;
        enum verdict boot;
    } rows[] = {
        {START BARE, V_FAIL},
        {START, V_UNKNOWN}, /* whose machine it is, is not told */
        {START BARE "efi: EFI v2.70 by X\n", V_PASS},
        {START BARE "EFI v2.31 by X\n", V_PASS},
        /* dmesg -l notice drops them */
        {"Linux version 6.1.0 (x)\n" BARE, V_UNKNOWN},
        {"DMI: ACME Box/Board, BIOS 1.0 01/01/2024\nBIOS-e820: [mem 0x0-0x9ffff] usable\n" BARE,
         V_UNKNOWN}, /* the beginning is lost */
        {"Linux version 6.1.0 (x)\nBIOS-e820: [mem 0x0-0x9ffff] usable\n" BARE, V_UNKNOWN},
        /* The line of EFI is lost, and others tell that it was there. */
        {START BARE "efi: mem02: [Runtime Data|RUN] range=[0x1000-0x1fff] (0MB)\n", V_UNKNOWN},
        {START BARE "efi: memattr: Processing EFI Memory Attributes table:\n", V_UNKNOWN},
        {START BARE "ACPI: RSDP 0x000000007A7FE014 000024 (v02 DELL  )\n", V_UNKNOWN},
        {START BARE "ACPI: RSDP 0x00000000000F04A0 000024 (v02 ALASKA)\n", V_FAIL},
        {START BARE "ACPI: RSDP 00000000000f6530 000024 (v02 LENOVO)\n", V_FAIL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        scene_begin(&s);
        scene_text(&s, "efi/kernel-log", rows[i].log);
        scene_judge(&s);
        if (scene_verdict(&s, "uefi.boot") != rows[i].boot)
            fail_msg("row %zu: %s", i, verdict_name(scene_verdict(&s, "uefi.boot")));
        scene_end(&s);
    }
}

/* Tables that say "not there", and a kernel that lists it: one of the two is of another machine. */
static void an_absence_that_the_kernel_contradicts_is_a_conflict(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    scene_complete_acpi(&s);
    scene_text(&s, "efi/kernel-log", START XSDT("00003C") LINE("FACP") LINE("APIC") LINE("WSMT"));
    scene_judge(&s);
    assert_reason(&s, "smm.wsmt", ST_CONFLICT);
    scene_end(&s);
}

/* A dump of one machine, or one without a table, beside the log of another: no "firmware has none".
 */
static void units_in_the_log_are_not_denied_by_tables_without_them(void **state)
{
    (void)state;
    static const struct {
        const char *log;
        enum verdict verdict;
    } rows[] = {
        {START UNIT REGISTERS BEHIND, V_UNKNOWN},
        {START "pci 0000:00:00.2: AMD-Vi: Found IOMMU cap 0x40\n", V_UNKNOWN},
        {START "AMD-Vi: Interrupt remapping enabled\n", V_UNKNOWN},
        {START "AMD-Vi: AMD IOMMUv2 functionality not available on this system\n", V_FAIL},
        {START "DMAR: IOMMU disabled\n", V_FAIL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        scene_begin(&s);
        scene_complete_acpi(&s);
        scene_text(&s, "efi/kernel-log", rows[i].log);
        scene_missing(&s, "acpi/DMAR", ST_ABSENT);
        scene_missing(&s, "acpi/IVRS", ST_ABSENT);
        scene_missing(&s, "acpi/IORT", ST_ABSENT);
        scene_judge(&s);
        if (scene_verdict(&s, "iommu.present") != rows[i].verdict)
            fail_msg("row %zu: %s", i, verdict_name(scene_verdict(&s, "iommu.present")));
        if (rows[i].verdict == V_UNKNOWN) {
            assert_reason(&s, "iommu.present", ST_CONFLICT);
            assert_true(scene_notes(&s, "the kernel's log names an IOMMU"));
        }
        scene_end(&s);
    }
}

/* A list of functions that does not show to be all there are can fail coverage, and not pass it. */
static void an_excerpt_of_functions_passes_no_coverage(void **state)
{
    (void)state;
    static const struct {
        const char *pci;
        enum verdict coverage;
    } rows[] = {
        {"0000:00:00.0 class=060000\n0000:00:1f.2 class=010601\n", V_PASS},
        {"0000:00:1f.2 class=010601\n", V_UNKNOWN}, /* one that was asked about */
        {"0000:00:00.0 class=060000\n0000:03:00.0 class=010802\n", V_UNKNOWN},
        {"0000:00:00.0 class=060000\n0000:00:1c.0 class=060400 header=01 primary=00 secondary=03 "
         "subordinate=03\n0000:03:00.0 class=010802\n",
         V_PASS},
        /* a server: each root has something of its own */
        {"0000:00:00.0 class=060000\n0000:80:05.4 class=080020\n0000:80:16.0 class=078000\n",
         V_PASS},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        scene_begin(&s);
        scene_complete_acpi(&s);
        struct build b;
        dmar_begin(&b, 0);
        dmar_unit(&b, ALL, 0, 0xfed90000, "");
        scene_bytes(&s, "acpi/DMAR", acpi_end(&b));
        scene_text(&s, "pci", rows[i].pci);
        s.snap.kind = SOURCE_EVIDENCE;
        scene_judge(&s);
        if (scene_verdict(&s, "iommu.coverage") != rows[i].coverage)
            fail_msg("row %zu: %s", i, verdict_name(scene_verdict(&s, "iommu.coverage")));
        scene_end(&s);
    }
}

/* dmesg of a machine that has run for long; what its boot says is in the journal. */
static void the_journal_is_asked_for_where_dmesg_lost_its_beginning(void **state)
{
    (void)state;
    static const struct {
        const char *log, *rule;
        enum source_kind kind;
        bool journal;
    } rows[] = {
        {UNIT REGISTERS, "uefi.mat", SOURCE_EVIDENCE, true},
        {UNIT REGISTERS, "uefi.boot", SOURCE_EVIDENCE, true},
        {UNIT REGISTERS, "uefi.mat-layout", SOURCE_EVIDENCE, false}, /* takes efi=debug */
        {START UNIT REGISTERS, "uefi.mat", SOURCE_EVIDENCE, false},
        {UNIT REGISTERS, "uefi.mat", SOURCE_CAPTURE, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        scene_begin(&s);
        scene_text(&s, "efi/kernel-log", rows[i].log);
        s.snap.kind = rows[i].kind;
        scene_judge(&s);
        const struct outcome *o = scene_rule(&s, rows[i].rule);
        if (o->remedy == NULL || (o->remedy->step == STEP_LOG_BEGINNING) != rows[i].journal)
            fail_msg("row %zu", i);
        scene_end(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_log_decides_what_it_tells),
        cmocka_unit_test(a_legacy_boot_is_seen_in_a_log_that_lacks_nothing),
        cmocka_unit_test(an_absence_that_the_kernel_contradicts_is_a_conflict),
        cmocka_unit_test(units_in_the_log_are_not_denied_by_tables_without_them),
        cmocka_unit_test(the_journal_is_asked_for_where_dmesg_lost_its_beginning),
        cmocka_unit_test(an_excerpt_of_functions_passes_no_coverage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
