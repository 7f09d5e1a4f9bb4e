/* SPDX-License-Identifier: MIT */
/* Who runs a virtual machine and who made a machine, and what each is told to do. */
#include "support/cmocka.h"

#include <string.h>

#include "probe/viewpoint/brands.h"
#include "rules/remedy.h"
#include "support/scene.h"
#include "vbscheck/count.h"

#define HYPERVISOR (1u << 31)
#define LM         (1u << 29)

/* Leaf 4000_0000h with these 12 characters. */
#define KVM "CPUID 40000000: 40000001-4B4D564B-564B4D56-0000004D\n"
#define TCG "CPUID 40000000: 40000001-54474354-43544743-47435447\n"
#define HYPERV                                                                                     \
    "CPUID 40000000: 4000000B-7263694D-666F736F-76482074\n"                                        \
    "CPUID 40000003: 00002E7F-00200000-00000002-00000000\n"
/* Hyper-V's leaves, shown to please Windows, and KVM's own name behind them; a root partition. */
#define HV_AND_KVM                                                                                 \
    "CPUID 40000000: 40000005-7263694D-666F736F-76482074\n"                                        \
    "CPUID 40000003: 00002E7F-00000030-00000000-00000000\n"                                        \
    "CPUID 40000100: 40000101-4B4D564B-564B4D56-0000004D\n"
#define HV_ROOT                                                                                    \
    "CPUID 40000000: 4000000B-7263694D-666F736F-76482074\n"                                        \
    "CPUID 40000003: 00003FFF-002BB9FF-00000022-00000000\n"
#define VMWARE "CPUID 40000000: 40000010-61774D56-4D566572-65726177\n"
#define VBOX   "CPUID 40000000: 40000001-786F4256-786F4256-786F4256\n"
#define XEN    "CPUID 40000000: 40000005-566E6558-65584D4D-4D4D566E\n"
#define BHYVE  "CPUID 40000000: 40000001-76796862-68622065-20657679\n"
#define PRL    "CPUID 40000000: 40000001-6C727020-70796820-20767265\n"
#define QEMU   "vendor: QEMU\nproduct: Standard PC (Q35 + ICH9, 2009)\n"
#define MS     "vendor: Microsoft Corporation\nproduct: Virtual Machine\n"

/* One kind of evidence each; `says` stands in the remedy of vm.nested, `not` does not. */
static const struct guest {
    const char *what, *cpu, *leaves, *dmi, *log, *oem;
    const char *platform; /* NULL: not told */
    const char *says;
} guests[] = {
    {"KVM by CPUID", "GenuineIntel", KVM, NULL, NULL, NULL, "QEMU/KVM", "kvm_intel with nested=1"},
    {"KVM of AMD", "AuthenticAMD", KVM, QEMU, NULL, NULL, "QEMU/KVM", "kvm_amd with nested=1"},
    {"QEMU by SMBIOS", "GenuineIntel", NULL, QEMU, NULL, NULL, "QEMU/KVM", "virsh edit"},
    {"QEMU by its OEM id", "GenuineIntel", NULL, NULL, NULL, "BOCHS ", "QEMU/KVM", "virsh edit"},
    {"Proxmox by its firmware", "GenuineIntel", KVM,
     QEMU "firmware-vendor: Proxmox distribution of EDK II\n", NULL, NULL, "Proxmox VE",
     "qm set VMID --cpu host"},
    {"Proxmox by the log", "AuthenticAMD", KVM, QEMU,
     "[ 0.0] efi: EFI v2.70 by Proxmox distribution of EDK II\n", NULL, "Proxmox VE", "kvm_amd"},
    {"QEMU without KVM", "AuthenticAMD", TCG, QEMU, NULL, NULL, "QEMU without KVM", "+svm,+npt"},
    {"QEMU without KVM, as Intel", "GenuineIntel", TCG, QEMU, NULL, NULL, "QEMU without KVM",
     "run it with KVM"},
    {"oVirt", "GenuineIntel", KVM, "vendor: oVirt\nproduct: RHEL\n", NULL, NULL, "oVirt",
     "Pass-Through Host CPU"},
    {"RHV", "GenuineIntel", KVM, "vendor: Red Hat\nproduct: RHEV Hypervisor\n", NULL, NULL, "oVirt",
     "Pass-Through Host CPU"},
    {"OpenStack", "GenuineIntel", KVM, "vendor: OpenStack Foundation\nproduct: OpenStack Nova\n",
     NULL, NULL, "OpenStack", "nova.conf"},
    {"Nutanix", "GenuineIntel", KVM, "vendor: Nutanix\nproduct: AHV\n", NULL, NULL, "Nutanix AHV",
     "Give the VM virtualization"},
    {"AWS Nitro", "GenuineIntel", KVM, "vendor: Amazon EC2\nproduct: m6i.large\n", NULL, NULL,
     "AWS Nitro", "NestedVirtualization=enabled"},
    {"AWS Nitro of AMD", "AuthenticAMD", KVM, "vendor: Amazon EC2\nproduct: m6a.large\n", NULL,
     NULL, "AWS Nitro", "*.metal"},
    {"AWS by the log", "GenuineIntel", KVM, NULL,
     "[ 0.0] DMI: Amazon EC2 c5.large/, BIOS 1.0 10/16/2017\n", NULL, "AWS Nitro", "*.metal"},
    {"AWS on Xen", "GenuineIntel", XEN,
     "vendor: Xen\nproduct: HVM domU\nfirmware-version: 4.11.amazon\n", NULL, NULL, "AWS (Xen)",
     "old hypervisor, Xen"},
    {"Google", "GenuineIntel", KVM, "vendor: Google\nproduct: Google Compute Engine\n", NULL, NULL,
     "Google Cloud", "enableNestedVirtualization"},
    {"Google of AMD", "AuthenticAMD", KVM, "vendor: Google\nproduct: Google Compute Engine\n", NULL,
     NULL, "Google Cloud", "such as N2"},
    {"VMware by CPUID", "GenuineIntel", VMWARE, NULL, NULL, NULL, "VMware", "vhv.enable"},
    {"VMware by SMBIOS", "AuthenticAMD", NULL, "vendor: VMware, Inc.\nproduct: VMware20,1\n", NULL,
     NULL, "VMware", "AMD-V/RVI"},
    {"VMware by its OEM id", "GenuineIntel", NULL, NULL, NULL, "VMWARE", "VMware", "vhv.enable"},
    {"VirtualBox by CPUID", "GenuineIntel", VBOX, NULL, NULL, NULL, "VirtualBox",
     "--nested-hw-virt on"},
    {"VirtualBox shows KVM's leaf", "GenuineIntel", KVM,
     "vendor: innotek GmbH\nproduct: VirtualBox\n", NULL, "VBOX  ", "VirtualBox",
     "--nested-hw-virt on"},
    {"Parallels", "GenuineIntel", PRL,
     "vendor: Parallels International GmbH.\nproduct: Parallels Virtual Platform\n", NULL, NULL,
     "Parallels", "prlctl set"},
    {"Xen", "GenuineIntel", XEN, "vendor: Xen\nproduct: HVM domU\n", NULL, NULL, "Xen",
     "nestedhvm = 1"},
    {"bhyve", "GenuineIntel", BHYVE, "vendor: BHYVE\nproduct: BHYVE\n", NULL, NULL, "bhyve",
     "another hypervisor"},
    {"Hyper-V", "GenuineIntel", HYPERV, MS, NULL, NULL, "Hyper-V",
     "-ExposeVirtualizationExtensions"},
    {"Hyper-V that is not Azure", "GenuineIntel", HYPERV, MS "azure: no\n", NULL, NULL, "Hyper-V",
     "-ExposeVirtualizationExtensions"},
    {"KVM behind Hyper-V's leaves, another maker's SMBIOS", "GenuineIntel", HV_AND_KVM,
     "vendor: Dell Inc.\nproduct: OptiPlex\n", NULL, "DELL  ", "QEMU/KVM", "virsh edit"},
    {"VirtualBox with Hyper-V's leaves, another maker's SMBIOS", "GenuineIntel", HYPERV,
     "vendor: Dell Inc.\nproduct: OptiPlex\n", NULL, "VBOX  ", "VirtualBox", "--nested-hw-virt on"},
    {"crosvm on KVM", "GenuineIntel", KVM, NULL, NULL, "CROSVM", NULL,
     "Give the VM virtualization"},
    {"Firecracker on KVM", "GenuineIntel", KVM, NULL, NULL, "FIRECK", NULL,
     "Give the VM virtualization"},
    {"Xen by its OEM id", "GenuineIntel", NULL, NULL, NULL, "Xen\0\0\0", "Xen", "nestedhvm = 1"},
    {"bhyve by its OEM id", "GenuineIntel", NULL, NULL, NULL, "BHYVE ", "bhyve",
     "another hypervisor"},
    {"Hyper-V by its newer OEM id", "GenuineIntel", NULL, NULL, NULL, "MSFTVM", "Hyper-V",
     "-ExposeVirtualizationExtensions"},
    {"Hyper-V's root partition in VMware", "GenuineIntel", HV_ROOT,
     "vendor: VMware, Inc.\nproduct: VMware20,1\n", NULL, NULL, "VMware", "vhv.enable"},
    {"Hyper-V's root partition in an instance of EC2", "GenuineIntel", HV_ROOT,
     "vendor: Amazon EC2\nproduct: m8i.large\n", NULL, "AMAZON", "AWS Nitro", "*.metal"},
    {"Azure", "GenuineIntel", HYPERV, MS "azure: yes\n", NULL, NULL, "Azure", "Dsv5"},
    {"one that nobody knows", "GenuineIntel",
     "CPUID 40000000: 40000001-41414141-41414141-41414141\n", NULL, NULL, NULL, NULL,
     "Give the VM virtualization"},
};

static void lay_out(struct scene *s, const struct guest *g)
{
    scene_begin(s);
    scene_cpuid(s, (struct scene_cpu){g->cpu, HYPERVISOR, 0, LM, 0}, 1);
    if (g->leaves != NULL)
        scene_text(s, "cpuid-hypervisor", g->leaves);
    if (g->dmi != NULL)
        scene_text(s, "dmi", g->dmi);
    if (g->log != NULL)
        scene_text(s, "efi/kernel-log", g->log);
    if (g->oem != NULL)
        scene_oem_acpi(s, g->oem);
    scene_judge(s);
}

static const char *text_of(const struct scene *s, const char *fact)
{
    const struct fact *f = scene_fact(s, fact);
    return f->st == ST_OK ? f->v.text : NULL;
}

static void every_hypervisor_is_told_and_has_its_own_remedy(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(guests); i++) {
        const struct guest *g = &guests[i];
        struct scene s;
        lay_out(&s, g);
        const char *platform = text_of(&s, "vm.platform");
        if ((platform == NULL) != (g->platform == NULL) ||
            (platform != NULL && strcmp(platform, g->platform) != 0))
            fail_msg("%s: runs on %s", g->what, platform != NULL ? platform : "nothing");
        const struct outcome *o = scene_rule(&s, "vm.nested");
        if (g->leaves == NULL)
            assert_string_equal(text_of(&s, "host.viewpoint"), "guest");
        const struct remedy *m =
            remedy_for_failure(&s.report.facts, o->rule, FACT_VM_NESTED, CAUSE_DISABLED);
        if (strstr(m->text, g->says) == NULL)
            fail_msg("%s: %s", g->what, m->text);
        if (g->platform != NULL && strcmp(g->platform, "Nutanix AHV") != 0)
            assert_non_null(m->source);
        scene_end(&s);
    }
}

/* Metal at a cloud is no guest, and is told of its setup nothing that it has not. */
static void metal_of_a_cloud_runs_on_nothing(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    scene_cpuid(&s, (struct scene_cpu){"GenuineIntel", 0, 0, LM, 0}, 1);
    scene_text(&s, "dmi", "vendor: Amazon EC2\nproduct: m6i.metal\n");
    scene_judge(&s);
    assert_string_equal(text_of(&s, "host.viewpoint"), "metal");
    assert_null(text_of(&s, "vm.platform"));
    assert_int_equal(s.report.facts.maker, MAKER_ANY);
    scene_end(&s);
}

/* Azure ----------------------------------------------------------------------------------- */

#define IMDS "HTTP/1.1 200 OK\r\n\r\n{\"vmSize\":\"Standard_E8-4ds_v5\"}"

static const struct {
    const char *what, *leaves, *dmi, *size, *imds;
    enum verdict verdict;
    enum status reason;
    const char *note;
} series[] = {
    {"the size decides", HYPERV, MS "azure: yes\n", "Standard_D4s_v5", NULL, V_PASS, ST_OK,
     "series Dsv5, generation 1 and 2"},
    {"whatever the evidence is", KVM, QEMU, "Standard_D4s_v5", NULL, V_PASS, ST_OK,
     "nothing in the evidence shows that this machine is in Azure"},
    {"of a PC, too", NULL, "vendor: LENOVO\n", "Standard_D4s_v5", NULL, V_PASS, ST_OK,
     "nothing in the evidence shows"},
    {"series B", HYPERV, MS "azure: yes\n", "Standard_B2ms", NULL, V_UNKNOWN, ST_CONFLICT,
     "Trusted Launch"},
    {"a series that is not in the table", HYPERV, MS "azure: yes\n", "Standard_D4s_v6", NULL,
     V_UNKNOWN, ST_UNSUPPORTED, "series Dsv6 is not in Microsoft's table"},
    {"without a size", HYPERV, MS "azure: yes\n", NULL, NULL, V_UNKNOWN, ST_NOT_COLLECTED, NULL},
    {"not known to be in Azure", HYPERV, MS, NULL, NULL, V_UNKNOWN, ST_NOT_COLLECTED, NULL},
    {"not in Azure", HYPERV, MS "azure: no\n", NULL, NULL, V_NOT_APPLICABLE, ST_OK, NULL},
    {"another hypervisor", KVM, QEMU, NULL, NULL, V_NOT_APPLICABLE, ST_OK, NULL},
    {"a PC", NULL, "vendor: LENOVO\n", NULL, NULL, V_NOT_APPLICABLE, ST_OK, NULL},
    {"the service's answer", HYPERV, MS, NULL, IMDS, V_PASS, ST_OK, "series Edsv5"},
    {"both, and they differ", HYPERV, MS, "Standard_D4s_v5", IMDS, V_PASS, ST_OK,
     "the metadata service reports another size: Standard_E8-4ds_v5"},
    {"an answer of no use", HYPERV, MS, NULL, "HTTP/1.1 200 OK\r\n\r\n<html>", V_UNKNOWN,
     ST_MALFORMED, "the metadata service's answer cannot be used: it is no JSON"},
    {"no size in it", HYPERV, MS, NULL, "HTTP/1.1 200 OK\r\n\r\n{\"vmSize\":\"<b>\"}", V_UNKNOWN,
     ST_MALFORMED, "its vmSize is not a VM size"},
    {"a redirect", HYPERV, MS, NULL, "HTTP/1.1 307 Temporary Redirect\r\n\r\n", V_UNKNOWN,
     ST_IO_ERROR, "its status is 307"},
    {"asked of what is not in Azure", KVM, QEMU, NULL, "HTTP/1.1 404 Not Found\r\n\r\n", V_UNKNOWN,
     ST_IO_ERROR, "its status is 404"},
};

static void azures_series_is_judged_by_what_is_told_of_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(series); i++) {
        struct scene s;
        scene_begin(&s);
        scene_cpuid(
            &s,
            (struct scene_cpu){"GenuineIntel", series[i].leaves != NULL ? HYPERVISOR : 0, 0, LM, 0},
            1);
        if (series[i].leaves != NULL)
            scene_text(&s, "cpuid-hypervisor", series[i].leaves);
        scene_text(&s, "dmi", series[i].dmi);
        if (series[i].size != NULL)
            scene_text(&s, "azure-size", series[i].size);
        if (series[i].imds != NULL)
            scene_text(&s, "azure-imds", series[i].imds);
        scene_judge(&s);
        const struct outcome *o = scene_rule(&s, "vm.series");
        if (o->verdict != series[i].verdict || o->reason != series[i].reason)
            fail_msg("%s: %s %s", series[i].what, verdict_name(o->verdict), status_name(o->reason));
        if (series[i].note != NULL && !scene_notes(&s, series[i].note))
            fail_msg("%s: no note says %s", series[i].what, series[i].note);
        if (o->verdict == V_UNKNOWN)
            assert_non_null(o->fix);
        assert_int_equal(o->level, LEVEL_INFO);
        scene_end(&s);
    }
}

/* Of Hyper-V each generation has firmware of its own, which SMBIOS names. */
static void hyper_vs_firmware_tells_the_generation(void **state)
{
    (void)state;
    static const struct {
        const char *dmi;
        bool known, second;
    } rows[] = {
        {MS "firmware-version: Hyper-V UEFI Release v4.1\n", true, true},
        {MS "firmware-version: 090008\n", true, false},
        {MS "firmware-version: 1.0\n", false, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        scene_begin(&s);
        scene_cpuid(&s, (struct scene_cpu){"GenuineIntel", HYPERVISOR, 0, LM, 0}, 1);
        scene_text(&s, "cpuid-hypervisor", HYPERV);
        scene_text(&s, "dmi", rows[i].dmi);
        scene_judge(&s);
        const struct fact *f = scene_fact(&s, "vm.generation-2");
        assert_int_equal(f->st == ST_OK, rows[i].known);
        assert_true(!rows[i].known || f->v.b == rows[i].second);
        scene_end(&s);
    }
}

/* Makers ---------------------------------------------------------------------------------- */

static const struct {
    const char *vendor;
    enum maker maker;
} vendors[] = {
    {"Dell Inc.", MAKER_DELL},
    {"Alienware", MAKER_DELL},
    {"HP", MAKER_HP},
    {"Hewlett-Packard", MAKER_HP},
    {"LENOVO", MAKER_LENOVO},
    {"Lenovo", MAKER_LENOVO},
    {"ASUSTeK COMPUTER INC.", MAKER_ASUS},
    {"ASUS", MAKER_ASUS},
    {"Micro-Star International Co., Ltd.", MAKER_MSI},
    {"MSI", MAKER_MSI},
    {"Gigabyte Technology Co., Ltd.", MAKER_GIGABYTE},
    {"GIGABYTE", MAKER_GIGABYTE},
    {"ASRock", MAKER_ASROCK},
    {"Acer           ", MAKER_ACER},
    {"Framework", MAKER_FRAMEWORK},
    {"Supermicro", MAKER_SUPERMICRO},
    {"Super Micro Computer, Inc.", MAKER_SUPERMICRO},
    {"Google", MAKER_CHROMEBOOK},
    {"GOOGLE", MAKER_CHROMEBOOK},
    {"Apple Inc.", MAKER_APPLE},
    /* Of nobody's, and of two. */
    {"", MAKER_ANY},
    {"To Be Filled By O.E.M.", MAKER_ANY},
    {"HUANANZHI", MAKER_ANY},
    {"HPE", MAKER_ANY},
    {"Delling", MAKER_ANY},
    {"Superdell", MAKER_ANY},
    {"Micro Computer", MAKER_ANY},
    {"Super Computers", MAKER_ANY},
    {"Dell Inc. / LENOVO", MAKER_ANY},
    {"ASUS ASRock", MAKER_ANY},
    {"HP Hewlett-Packard", MAKER_HP},
    {"Microsoft Corporation", MAKER_ANY},
};

static void every_vendor_is_matched_by_whole_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(vendors); i++) {
        enum maker m = brand_of_vendor(span_of(vendors[i].vendor));
        if (m != vendors[i].maker)
            fail_msg("%s: %s", vendors[i].vendor, maker_name(m));
    }
}

static const struct {
    const char *dmi;
    enum maker maker;
} built[] = {
    {"vendor: Microsoft Corporation\nproduct: Surface Pro 7\n", MAKER_SURFACE},
    {"vendor: Microsoft Corporation\nproduct: Virtual Machine\n", MAKER_ANY},
    {"vendor: System manufacturer\nboard-vendor: ASUSTeK COMPUTER INC.\n", MAKER_ASUS},
    {"vendor: LENOVO\nfirmware-vendor: coreboot\n", MAKER_COREBOOT},
    {"vendor: Micro-Star International Co., Ltd.\nfirmware-vendor: 3mdeb\n"
     "firmware-version: Dasharo (coreboot+UEFI) v1.1.1\n",
     MAKER_DASHARO},
    {"vendor: Google\nproduct: Caroline\nfirmware-vendor: coreboot\n", MAKER_CHROMEBOOK},
    {"vendor: Google\nproduct: Google Compute Engine\n", MAKER_ANY}, /* on metal, too */
    {"vendor: Notebook\nfirmware-version: 4.19\n", MAKER_ANY},
};

static void the_setup_is_the_firmwares_and_not_the_boxs(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(built); i++) {
        struct dmi d = dmi_parse(span_of(built[i].dmi));
        if (brand_of_machine(&d) != built[i].maker)
            fail_msg("%s: %s", built[i].dmi, maker_name(brand_of_machine(&d)));
    }
}

/* Remedies -------------------------------------------------------------------------------- */

static const struct {
    unsigned situation;
    const char *words[12]; /* that nobody may say there */
} kinds[] = {
    {SIT_METAL | SIT_INTEL, {"AMD", "fTPM", "SVM", "amd_iommu", "kvm_amd"}},
    {SIT_METAL | SIT_AMD,
     {"Intel", "PTT", "VT-d", "VT-x", "VTx", "VTd", "vmx", "VMX", "kvm_intel"}},
    {SIT_METAL | SIT_ARM, {"Intel", "AMD", "PTT", "VT-d", "VT-x", "VTx", "SVM", "fTPM"}},
    {SIT_GUEST | SIT_INTEL, {"kvm_amd", "fTPM", "PTT", "firmware setup", "SVM"}},
    {SIT_GUEST | SIT_AMD, {"Intel", "kvm_intel", "PTT", "firmware setup", "VT-x"}},
    {SIT_GUEST | SIT_ARM, {"Intel", "AMD", "PTT", "firmware setup", "kvm_intel", "kvm_amd"}},
};

static bool has_no_setup(enum maker m)
{
    return m == MAKER_CHROMEBOOK || m == MAKER_APPLE;
}

static void check(const struct facts *f, size_t kind, const struct rule *r, const struct clause *cl)
{
    const struct remedy *m = remedy_for_failure(f, r, cl->any[0].fact, cl->cause);
    const char *who =
        (f->situation & SIT_GUEST) != 0 ? platform_name(f->platform) : maker_name(f->maker);
    if (m == NULL)
        fail_msg("%s, %s: no remedy", r->id, who);
    /* These name processors that have it, or what the hypervisor hides. */
    bool names = strcmp(r->id, "cpu.mbec") == 0 || strncmp(r->id, "amd.", 4) == 0 ||
                 f->platform == PLATFORM_BHYVE;
    for (size_t w = 0; !names && w < COUNT(kinds[kind].words) && kinds[kind].words[w] != NULL;
         w++) {
        bool line = m->line != NULL && strstr(m->line, kinds[kind].words[w]) != NULL;
        if (line || strstr(m->text, kinds[kind].words[w]) != NULL)
            fail_msg("%s, %s, kind %zu: %s", r->id, who, kind, m->text);
    }
    bool setup =
        strstr(m->text, "In firmware setup") != NULL || strstr(m->text, "in setup") != NULL;
    if (setup && has_no_setup(f->maker))
        fail_msg("%s: a %s has no setup: %s", r->id, who, m->text);
}

/* Every maker and every platform, with every rule, on every kind of processor. */
static void no_word_of_another_maker_is_said(void **state)
{
    (void)state;
    const struct rule *r;
    for (size_t k = 0; k < COUNT(kinds); k++) {
        bool guest = (kinds[k].situation & SIT_GUEST) != 0;
        unsigned n = guest ? (unsigned)PLATFORM_COUNT : (unsigned)MAKER_COUNT;
        for (unsigned who = 0; who < n; who++) {
            struct facts f = {.situation = kinds[k].situation | SIT_SCAN,
                              .maker = guest ? MAKER_ANY : (enum maker)who,
                              .platform = guest ? (enum platform)who : PLATFORM_ANY};
            for (size_t i = 0; (r = rule_at(i)) != NULL; i++) {
                for (unsigned c = 0; c < RULE_CLAUSES && r->need[c].any[0].op != OP_NONE; c++)
                    check(&f, k, r, &r->need[c]);
            }
        }
    }
}

static void rows_of_makers_and_platforms_say_where_they_are_from(void **state)
{
    (void)state;
    enum { LINE = 66 }; /* of 80 columns, with the number of the step and what it settles */
    const struct remedy *m;
    for (size_t i = 0; (m = remedy_at(i)) != NULL; i++) {
        bool own = m->maker != MAKER_ANY || m->platform != PLATFORM_ANY;
        assert_true(m->maker == MAKER_ANY || m->platform == PLATFORM_ANY);
        if (own && (m->source == NULL || strlen(m->source) < 8))
            fail_msg("no source: %s", m->text);
        if (m->line != NULL && strlen(m->line) > LINE)
            fail_msg("%zu characters are over %d: %s", strlen(m->line), LINE, m->line);
        assert_true(m->line == NULL || own);
    }
}

/* A row that an earlier one always takes away is never printed. */
static void every_row_of_a_maker_is_reached(void **state)
{
    (void)state;
    const struct remedy *m, *before;
    for (size_t i = 0; (m = remedy_at(i)) != NULL; i++) {
        if (m->maker == MAKER_ANY && m->platform == PLATFORM_ANY)
            continue;
        for (size_t j = 0; j < i; j++) {
            before = remedy_at(j);
            bool wider =
                (before->maker == MAKER_ANY || before->maker == m->maker) &&
                (before->platform == PLATFORM_ANY || before->platform == m->platform) &&
                strncmp(m->rule, before->rule, strlen(before->rule)) == 0 &&
                (m->when & before->when) == before->when && before->unless == m->unless &&
                (before->causes == 0 || (m->causes != 0 && (m->causes & ~before->causes) == 0)) &&
                (before->fact == FACT_NONE || before->fact == m->fact);
            if (wider)
                fail_msg("%s is hidden by %s", m->text, before->text);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_hypervisor_is_told_and_has_its_own_remedy),
        cmocka_unit_test(metal_of_a_cloud_runs_on_nothing),
        cmocka_unit_test(azures_series_is_judged_by_what_is_told_of_it),
        cmocka_unit_test(hyper_vs_firmware_tells_the_generation),
        cmocka_unit_test(every_vendor_is_matched_by_whole_words),
        cmocka_unit_test(the_setup_is_the_firmwares_and_not_the_boxs),
        cmocka_unit_test(no_word_of_another_maker_is_said),
        cmocka_unit_test(rows_of_makers_and_platforms_say_where_they_are_from),
        cmocka_unit_test(every_row_of_a_maker_is_reached),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
