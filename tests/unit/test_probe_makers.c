/* SPDX-License-Identifier: MIT */
/* Parts of the evidence that cannot be of one machine: Intel's IOMMU beside a processor of AMD. */
#include "support/cmocka.h"

#include <string.h>

#include "support/scene.h"
#include "support/tables.h"
#include "vbscheck/count.h"

#define INTEL "GenuineIntel"
#define AMD   "AuthenticAMD"
#define QEMU  "vendor: QEMU\nproduct: Standard PC (Q35 + ICH9, 2009)\n"

#define CPUINFO(vendor, flags)                                                                     \
    "processor\t: 0\nvendor_id\t: " vendor "\nmodel name\t: X\nflags\t\t: lm " flags "\n"
#define BRIDGE(vendor, device)                                                                     \
    "0000:00:00.0 class=060000 vendor=" vendor " device=" device "\n0000:00:02.0 class=030000\n"
#define DRHD       "[ 0.1] DMAR: DRHD base: 0x000000fed91000 flags: 0x1\n"
#define CPU0(name) "[ 0.1] smpboot: CPU0: " name " (family: 0x15, model: 0x13, stepping: 0x1)\n"
#define VI         "[ 0.1] pci 0000:00:00.2: AMD-Vi: Found IOMMU cap 0x40\n"

enum table { NONE, DMAR, IVRS, BOTH };

/* What two machines' evidence in one folder, and one machine's, look like. */
static const struct row {
    const char *what, *cpu, *flags;
    enum table table;
    const char *pci, *log, *sys, *dmi;
    bool several;
} rows[] = {
    {.what = "AMD with a DMAR", .cpu = AMD, .table = DMAR, .several = true},
    {.what = "two acpidumps in one file", .table = BOTH, .several = true},
    {.what = "Intel with an IVRS", .cpu = INTEL, .table = IVRS, .several = true},
    {.what = "Intel with AMD's lspci",
     .cpu = INTEL,
     .pci = BRIDGE("1022", "1480"),
     .several = true},
    {.what = "AMD with Intel's lspci", .cpu = AMD, .pci = BRIDGE("8086", "3ec4"), .several = true},
    {.what = "AMD with Intel's log", .cpu = AMD, .log = DRHD, .several = true},
    {.what = "Intel with AMD's log", .cpu = INTEL, .log = VI, .several = true},
    {.what = "AMD's log with a DMAR", .table = DMAR, .log = CPU0("AMD Ryzen 7"), .several = true},
    {.what = "Intel's log with an IVRS", .table = IVRS, .log = CPU0("Intel(R) X"), .several = true},
    {.what = "AMD's log with Intel's lspci",
     .log = CPU0("AMD A8-6500"),
     .pci = BRIDGE("8086", "3ec4"),
     .several = true},
    {.what = "AMD with Intel's driver", .cpu = AMD, .sys = "unit dmar0 cap 1\n", .several = true},
    {.what = "Intel with AMD's driver", .cpu = INTEL, .sys = "unit ivhd0 cap 1\n", .several = true},
    {.what = "a DMAR with AMD's lspci",
     .table = DMAR,
     .pci = BRIDGE("1022", "1480"),
     .several = true},
    {.what = "a DMAR with AMD's log", .table = DMAR, .log = VI, .several = true},
    {.what = "Intel", .cpu = INTEL, .table = DMAR, .pci = BRIDGE("8086", "3ec4"), .log = DRHD},
    {.what = "AMD", .cpu = AMD, .table = IVRS, .pci = BRIDGE("1022", "1480"), .log = VI},
    {.what = "a guest's log that lost its hypervisor", .log = CPU0("AMD EPYC") DRHD},
    {.what = "Hygon's log", .table = IVRS, .log = CPU0("Hygon C86 7185")},
    {.what = "Intel's log", .table = DMAR, .log = CPU0("Intel(R) Core(TM) i5") DRHD},
    {.what = "AMD on NVIDIA's chipset", .cpu = AMD, .pci = BRIDGE("10de", "0369")},
    {.what = "Zhaoxin", .cpu = "  Shanghai  ", .table = DMAR, .pci = BRIDGE("1d17", "31b0")},
    {.what = "Centaur", .cpu = "CentaurHauls", .table = DMAR, .pci = BRIDGE("1106", "3410")},
    {.what = "Hygon", .cpu = "HygonGenuine", .table = IVRS, .pci = BRIDGE("1d94", "1480")},
    {.what = "Hygon behind AMD's bridge",
     .cpu = "HygonGenuine",
     .table = IVRS,
     .pci = BRIDGE("1022", "1450")},
    {.what = "a guest with a processor of AMD and intel-iommu",
     .cpu = AMD,
     .flags = "hypervisor",
     .table = DMAR,
     .pci = BRIDGE("8086", "29c0")},
    {.what = "a guest by its names",
     .cpu = AMD,
     .table = DMAR,
     .dmi = QEMU,
     .log = "[ 0.0] Hypervisor detected: KVM\n" DRHD},
    {.what = "a hidden guest on Q35", .cpu = AMD, .table = IVRS, .pci = BRIDGE("8086", "29c0")},
    {.what = "a hidden guest on 440FX", .cpu = AMD, .pci = BRIDGE("8086", "1237")},
};

static void lay_out(struct scene *s, const struct row *r)
{
    static struct build b, c;
    scene_begin(s);
    scene_complete_acpi(s);
    if (r->cpu != NULL)
        scene_text(
            s, "cpuinfo",
            arena_printf(&s->arena, CPUINFO("%s", "%s"), r->cpu, r->flags != NULL ? r->flags : ""));
    if (r->table == DMAR || r->table == BOTH)
        scene_bytes(s, "acpi/DMAR", table_dmar(&b));
    if (r->table == IVRS || r->table == BOTH)
        scene_bytes(s, "acpi/IVRS", table_ivrs(&c));
    const struct {
        const char *blob, *text;
    } texts[] = {
        {"pci", r->pci}, {"efi/kernel-log", r->log}, {"sys/iommu", r->sys}, {"dmi", r->dmi}};
    for (size_t i = 0; i < COUNT(texts); i++) {
        if (texts[i].text != NULL)
            scene_text(s, texts[i].blob, texts[i].text);
    }
    s->snap.kind = SOURCE_EVIDENCE;
}

static void parts_of_two_makers_are_of_two_machines(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        lay_out(&s, &rows[i]);
        scene_judge(&s);
        const char *problem = s.report.facts.problem;
        if ((problem != NULL) != rows[i].several ||
            scene_notes(&s, "evidence of several machines") != rows[i].several)
            fail_msg("%s: %s", rows[i].what, problem != NULL ? problem : "one machine");
        if (problem != NULL)
            assert_true(strstr(problem, "from Intel") != NULL &&
                        strstr(problem, "from AMD") != NULL);
        scene_end(&s);
    }
}

/* Brands that name themselves in both, and those that do not. */
static void tables_of_one_brand_are_not_beside_smbios_of_another(void **state)
{
    (void)state;
    static const struct {
        const char *oem, *dmi, *log;
        bool several;
    } brand_rows[] = {
        {"LENOVO", "vendor: Dell Inc.\nproduct: Latitude 5400\n", NULL, true},
        {"DELL  ", "vendor: LENOVO\nproduct: 20NX\n", NULL, true},
        {"HPQOEM", NULL, "[ 0.0] DMI: Acer Extensa 5630/Acer, BIOS V1.2 01/01/2009\n", true},
        {"_ASUS_", "vendor: Hewlett-Packard\nproduct: X\n", NULL, true},
        {"HPQOEM", "vendor: HP\nproduct: X\n", NULL, false},
        {"HPQOEM", "vendor: Hewlett-Packard\nproduct: X\n", NULL, false},
        {"DELL  ", NULL, "[ 0.0] DMI: Dell Inc. XPS 15/0R, BIOS 1.18.0 08/12/2022\n", false},
        {"DELL  ", "vendor: Alienware\nproduct: X\n", NULL, false},
        {"LENOVO", "vendor: MEDION\nproduct: X\n", NULL, false},    /* made by Lenovo */
        {"CLEVO ", "vendor: TUXEDO\nproduct: X\n", NULL, false},    /* a Clevo */
        {"ALASKA", "vendor: Dell Inc.\nproduct: X\n", NULL, false}, /* AMI's own name */
        {"APPLE ", "vendor: Acidanthera\nproduct: X\n", NULL, false},
        {"LENOVO", NULL, NULL, false},
    };
    for (size_t i = 0; i < COUNT(brand_rows); i++) {
        struct scene s;
        scene_begin(&s);
        scene_oem_acpi(&s, brand_rows[i].oem);
        if (brand_rows[i].dmi != NULL)
            scene_text(&s, "dmi", brand_rows[i].dmi);
        if (brand_rows[i].log != NULL)
            scene_text(&s, "efi/kernel-log", brand_rows[i].log);
        s.snap.kind = SOURCE_EVIDENCE;
        scene_judge(&s);
        if ((s.report.facts.problem != NULL) != brand_rows[i].several)
            fail_msg("row %zu", i);
        scene_end(&s);
    }
}

/* A scan is not refused for what the machine shows, but none of it is taken for sure. */
static void on_a_machine_it_is_a_conflict(void **state)
{
    (void)state;
    static const char *const rules[] = {"iommu.present", "iommu.coverage", "smm.wsmt"};
    static const enum source_kind kinds[] = {SOURCE_LIVE, SOURCE_ROOT, SOURCE_CAPTURE};
    for (size_t i = 0; i < COUNT(kinds); i++) {
        struct scene s;
        struct build b;
        lay_out(&s, &rows[0]);
        scene_cpuid(&s, (struct scene_cpu){AMD, 0, 0, 1u << 29, 0}, 1);
        scene_bytes(&s, "acpi/WSMT", table_wsmt(&b, 7));
        s.snap.kind = kinds[i];
        scene_judge(&s);
        assert_null(s.report.facts.problem);
        assert_true(scene_notes(&s, "the processor is from AMD, and the table DMAR is from Intel"));
        assert_verdict(&s, "cpu.64bit", V_PASS);
        for (size_t k = 0; k < COUNT(rules); k++) {
            if (scene_verdict(&s, rules[k]) != V_UNKNOWN ||
                scene_reason(&s, rules[k]) != ST_CONFLICT)
                fail_msg("%s: %s", rules[k], verdict_name(scene_verdict(&s, rules[k])));
        }
        scene_end(&s);
    }
}

/* Which of two logs comes first by its name decides nothing. */
static void the_second_of_two_files_is_asked_as_well(void **state)
{
    (void)state;
    for (unsigned first = 0; first < 2; first++) {
        static const char *const logs[] = {DRHD, VI};
        struct scene s;
        lay_out(&s, &(struct row){.cpu = AMD});
        scene_text(&s, "efi/kernel-log", logs[first]);
        scene_text(&s, "efi/kernel-log", logs[1 - first]);
        s.snap.kind = SOURCE_EVIDENCE;
        scene_judge(&s);
        assert_non_null(s.report.facts.problem);
        scene_end(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_of_two_makers_are_of_two_machines),
        cmocka_unit_test(tables_of_one_brand_are_not_beside_smbios_of_another),
        cmocka_unit_test(on_a_machine_it_is_a_conflict),
        cmocka_unit_test(the_second_of_two_files_is_asked_as_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
