/* SPDX-License-Identifier: MIT */
/*
 * Every rule's answer from each of the five viewpoints, of a machine that has nothing, of one that
 * has all of it, and of one that shows nothing of what it has, with the level that was applied. The
 * table is the deliverable: a rule that is not in it, or answers otherwise, fails.
 */
#include "support/cmocka.h"

#include <string.h>

#include "support/mat.h"
#include "support/scene.h"
#include "support/tables.h"
#include "vbscheck/count.h"

#define VMX        (1u << 5)
#define HYPERVISOR (1u << 31)
#define LM         (1u << 29)

#define MOR     "efivar/MemoryOverwriteRequestControl-e20939be-32d4-41be-a150-897f85d49829"
#define MORLOCK "efivar/MemoryOverwriteRequestControlLock-bb983ccf-151d-40e1-a07b-4a17be168292"
#define GLOBAL  "-8be4df61-93ca-11d2-aa0d-00e098032b8c"

/* In this order: metal, guest, root, dom0, wsl. */
enum { VIEWS = 5 };
static const enum viewpoint views[VIEWS] = {VIEW_METAL, VIEW_GUEST, VIEW_ROOT, VIEW_DOM0, VIEW_WSL};

/*
 * Verdicts: P pass, F fail, - does not apply, U unknown, H unknown because it is hidden.
 * Levels: R required, r recommended, i info.
 */
static const struct {
    const char *rule, *nothing, *everything, *shut, *levels;
} rows[] = {
    {"cpu.64bit", "PPPPP", "PPPPP", "PPPPP", "RRRRR"},
    {"cpu.virtualization", "F-PHP", "PPPHP", "F-PHP", "RrRRR"},
    {"cpu.slat", "F-PHP", "PPPHP", "F-PHP", "RrRRR"},
    {"cpu.mbec", "F-HHH", "PPHHH", "F-HHH", "iiiii"},
    {"iommu.present", "F-FHH", "PPPPH", "UUUHH", "RrRRR"},
    {"iommu.translation", "---HH", "PPPPH", "UUUHH", "RrRRR"},
    {"iommu.coverage", "F-FHH", "PPPPH", "UUUHH", "RrRRR"},
    {"iommu.dma-opt-in", "---HH", "PPPPH", "UUUHH", "rrrrr"},
    {"tpm.version", "FFFHH", "PPPPH", "UUUHH", "rrrrr"},
    {"tpm.sha256-bank", "---HH", "PPPPH", "UUUHH", "rrrrr"},
    {"smm.wsmt", "F-FHH", "PPPPH", "UUUHH", "RrRRR"},
    {"uefi.boot", "PPPPH", "PPPPH", "PPPPH", "RrRRR"},
    {"uefi.mat", "FFFHH", "PPPPH", "PPPPH", "RrRRR"},
    {"uefi.mat-coverage", "---HH", "PPPPH", "UUUHH", "RrRRR"},
    {"uefi.mat-layout", "---HH", "PPPPH", "UUUHH", "RrRRR"},
    {"uefi.page-protection", "---HH", "PPPPH", "UUUHH", "RrRRR"},
    {"mor.control", "F-FHH", "PPPPH", "UUUHH", "RrRRR"},
    {"mor.lock", "F-FHH", "PPPPH", "UUUHH", "RrRRR"},
    {"mor.lock-v2", "---HH", "PPPPH", "UUUHH", "RrRRR"},
    {"drivers.hvci", "UUUUH", "UUUUH", "UUUUH", "RRRRR"},
    {"drivers.blocklist", "UUUUH", "UUUUH", "UUUUH", "iiiii"},
    {"drivers.windows-log", "UUUUH", "UUUUH", "UUUUH", "rrrrr"},
    {"vm.nested", "-F--H", "-P--H", "-F--H", "RRRRR"},
    {"vm.series", "----H", "----H", "----H", "iiiii"},
    {"boot.secure-boot", "FFFFH", "PPPPH", "UUUHH", "rrrrr"},
};

static void put_variable(struct scene *s, const char *name, unsigned char value)
{
    const uint8_t bytes[] = {7, 0, 0, 0, value};
    scene_bytes(s, name, (struct span){bytes, sizeof bytes});
}

/* What makes each viewpoint what it is, beside the processor. */
static void add_viewpoint(struct scene *s, enum viewpoint v)
{
    static const struct {
        const char *dmi, *leaves, *xen, *kernel;
    } given[VIEW_COUNT] = {
        [VIEW_METAL] = {"vendor: LENOVO\nproduct: 21CB\n", NULL, NULL, "6.12.0"},
        [VIEW_GUEST] = {"vendor: QEMU\nproduct: Standard PC\n",
                        "CPUID 40000000: 40000001-4B4D564B-564B4D56-0000004D\n", NULL, "6.12.0"},
        [VIEW_ROOT] = {"vendor: LENOVO\nproduct: 21CB\n",
                       "CPUID 40000000: 4000000B-7263694D-666F736F-76482074\n"
                       "CPUID 40000003: 00003FFF-002BB9FF-00000002-10FFFBF6\n"
                       "CPUID 40000006: 0002000F-00000000-00000000-00000000\n",
                       NULL, "6.12.0"},
        [VIEW_DOM0] = {"vendor: LENOVO\nproduct: 21CB\n",
                       "CPUID 40000000: 40000005-566E6558-65584D4D-4D4D566E\n",
                       "type: xen\nprivileges: control_d\n", "6.12.0"},
        [VIEW_WSL] = {NULL, "CPUID 40000000: 4000000B-7263694D-666F736F-76482074\n", NULL,
                      "5.15.0-microsoft-standard-WSL2"},
    };
    if (given[v].dmi != NULL)
        scene_text(s, "dmi", given[v].dmi);
    if (given[v].leaves != NULL)
        scene_text(s, "cpuid-hypervisor", given[v].leaves);
    if (given[v].xen != NULL)
        scene_text(s, "sys/xen", given[v].xen);
    scene_text(s, "kernel",
               arena_printf(&s->arena, "arch: x86_64\nrelease: %s\nconfig-kvm-intel: m\n",
                            given[v].kernel));
}

/* A machine of which everything was looked for, and nothing found. */
static void lay_out_nothing(struct scene *s, enum viewpoint v)
{
    static const char *const absent[] = {
        MOR, MORLOCK, "efivar/SecureBoot" GLOBAL, "efivar/SetupMode" GLOBAL, "mor-test",
    };
    scene_begin(s);
    add_viewpoint(s, v);
    scene_cpuid(s, (struct scene_cpu){"GenuineIntel", v == VIEW_METAL ? 0 : HYPERVISOR, 0, LM, 0},
                1);
    scene_complete_acpi(s);
    scene_text(s, "pci", "0000:00:02.0 class=030000\n");
    scene_text(s, "efi/platform", "64\n");
    scene_text(s, "efi/kernel-log",
               "[ 0.0] Linux version 6.12.0 (x) #1 SMP and what makes this line the longest of all "
               "lines, so that none can have been cut anywhere in between by whoever took it\n"
               "[ 0.0] efi: EFI v2.7 by X\n"
               "[ 0.0] efi: ACPI=0x77526000 ACPI 2.0=0x77526014 SMBIOS=0x77f00000 \n"
               "[ 0.0] secureboot: Secure boot disabled\n");
    for (size_t i = 0; i < COUNT(absent); i++)
        scene_missing(s, absent[i], ST_ABSENT);
    scene_judge(s);
}

/* The same with all that Windows wants; hypervisors hide what they hide. */
static void lay_out_everything(struct mat *m, enum viewpoint v)
{
    static struct build b;
    struct scene *s = &m->s;
    bool shown = v == VIEW_METAL || v == VIEW_GUEST;
    unsigned bit = v == VIEW_METAL ? 0 : HYPERVISOR;
    mat_begin(m);
    add_viewpoint(s, v);
    scene_cpuid(s, (struct scene_cpu){"GenuineIntel", bit | (shown ? VMX : 0), 0, LM, 0}, 1);
    if (shown)
        scene_text(s, "msr",
                   "0 0x3a 0x0000000000000005\n0 0x482 0xfff9fffe0401e172\n"
                   "0 0x48b 0x00553cfe00000000\n0 0x48c 0x00000f0106734141\n");
    scene_complete_acpi(s);
    scene_bytes(s, "acpi/WSMT", table_wsmt(&b, 7));
    scene_bytes(s, "acpi/DMAR", table_dmar(&b));
    scene_text(s, "sys/iommu",
               "unit dmar0 address fed90000\nunit dmar0 cap 1c0000c40660462\n"
               "unit dmar0 ecap f050da\nunit dmar0 version 1:0\n"
               "unit dmar1 address fed91000\nunit dmar1 cap 1c0000c40660462\n"
               "unit dmar1 ecap f050da\nunit dmar1 version 1:0\n");
    scene_text(s, "pci", "0000:00:02.0 class=030000\n");
    scene_text(s, "sys/tpm", "tpm0 version-major 2\ntpm0 banks sha1 sha256\n");
    scene_text(s, "efi/platform", "64\n");
    put_variable(s, MOR, 0);
    put_variable(s, MORLOCK, 2);
    put_variable(s, "efivar/SecureBoot" GLOBAL, 1);
    put_variable(s, "efivar/SetupMode" GLOBAL, 0);
    mat_judge(m);
}

/* What is there to be read is of no kind that can be: so a kernel shows it that is not alone. */
static void lay_out_shut(struct scene *s, enum viewpoint v)
{
    static const char *const shut[] = {
        "acpi/WSMT",
        "acpi/DMAR",
        "acpi/IVRS",
        "acpi/IORT",
        "acpi/TPM2",
        "acpi/TCPA",
        "pci",
        "sys/tpm",
        "sys/iommu",
        "msr",
        MOR,
        MORLOCK,
        "efi/memattr",
        "tpm/fixed",
        "mor-test",
        "efivar/SecureBoot" GLOBAL,
        "efivar/SetupMode" GLOBAL,
    };
    scene_begin(s);
    add_viewpoint(s, v);
    scene_cpuid(s, (struct scene_cpu){"GenuineIntel", v == VIEW_METAL ? 0 : HYPERVISOR, 0, LM, 0},
                1);
    scene_complete_acpi(s);
    scene_text(s, "efi/platform", "64\n");
    scene_text(s, "efi/kernel-log",
               "[ 0.0] efi: ACPI=0x77526000 SMBIOS=0x77f00000 MEMATTR=0x1000 \n"
               "[ 0.1] efi: memattr: Failed to map EFI Memory Attributes table @ 0x1000\n");
    for (size_t i = 0; i < COUNT(shut); i++)
        scene_missing(s, shut[i], ST_UNSUPPORTED);
    scene_judge(s);
}

static char letter_of(const struct outcome *o)
{
    static const char letters[] = {
        [V_PASS] = 'P', [V_FAIL] = 'F', [V_UNKNOWN] = 'U', [V_NOT_APPLICABLE] = '-'};
    return o->verdict == V_UNKNOWN && o->reason == ST_HIDDEN ? 'H' : letters[o->verdict];
}

struct seen {
    char nothing[VIEWS + 1], everything[VIEWS + 1], shut[VIEWS + 1], levels[VIEWS + 1];
};

static void see(struct seen *seen, size_t n_rules)
{
    for (unsigned v = 0; v < VIEWS; v++) {
        struct scene s, shut;
        struct mat m;
        lay_out_nothing(&s, views[v]);
        lay_out_shut(&shut, views[v]);
        lay_out_everything(&m, views[v]);
        assert_int_equal(s.report.facts.viewpoint, views[v]);
        assert_int_equal(m.s.report.facts.viewpoint, views[v]);
        for (size_t i = 0; i < n_rules; i++) {
            seen[i].nothing[v] = letter_of(&s.report.outcomes[i]);
            seen[i].everything[v] = letter_of(&m.s.report.outcomes[i]);
            seen[i].shut[v] = letter_of(&shut.report.outcomes[i]);
            seen[i].levels[v] = "Rri"[m.s.report.outcomes[i].level];
            assert_int_equal(s.report.outcomes[i].level, m.s.report.outcomes[i].level);
        }
        mat_end(&m);
        scene_end(&shut);
        scene_end(&s);
    }
}

static void every_rule_answers_from_every_viewpoint_as_the_table_says(void **state)
{
    (void)state;
    static struct seen seen[64];
    const struct rule *r;
    size_t n = 0;
    for (size_t i = 0; (r = rule_at(i)) != NULL; i++) {
        if (r->level == LEVEL_LEFT_OUT) /* of other profiles than the default */
            continue;
        if (n >= COUNT(rows) || strcmp(r->id, rows[n++].rule) != 0)
            fail_msg("%s has no row here: the rows follow the order of the rules", r->id);
    }
    assert_int_equal(n, COUNT(rows));
    see(seen, COUNT(rows));
    for (size_t i = 0; i < COUNT(rows); i++) {
        r = rule_find(rows[i].rule);
        if (strcmp(seen[i].nothing, rows[i].nothing) != 0 ||
            strcmp(seen[i].everything, rows[i].everything) != 0 ||
            strcmp(seen[i].shut, rows[i].shut) != 0 || strcmp(seen[i].levels, rows[i].levels) != 0)
            fail_msg("%s: \"%s\", \"%s\", \"%s\", \"%s\"", r->id, seen[i].nothing,
                     seen[i].everything, seen[i].shut, seen[i].levels);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_answers_from_every_viewpoint_as_the_table_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
