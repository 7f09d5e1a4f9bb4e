/* SPDX-License-Identifier: MIT */
/* Whose machine the evidence is of: metal, guest, root partition, dom0 or WSL, and the controls. */
#include "support/cmocka.h"

#include <string.h>

#include "support/scene.h"
#include "support/tables.h"
#include "vbscheck/count.h"

#define VMX        (1u << 5)
#define HYPERVISOR (1u << 31)
#define SVM        (1u << 2)
#define LM         (1u << 29)
#define NP         (1u << 0)

#define LENOVO "vendor: LENOVO\nproduct: 21CB\n"
#define QEMU   "vendor: QEMU\nproduct: Standard PC (Q35 + ICH9, 2009)\n"

/* Leaves of Hyper-V: `privileges` is EBX of 4000_0003h, `nested` EAX of 4000_0004h. */
#define HYPERV(privileges, nested)                                                                 \
    "CPUID 40000000: 4000000B-7263694D-666F736F-76482074\n"                                        \
    "CPUID 40000002: 000047BA-000A0000-00000001-000004E8\n"                                        \
    "CPUID 40000003: 00003FFF-" privileges "-00000002-10FFFBF6\n"                                  \
    "CPUID 40000004: " nested "-00000000-0000002E-00000000\n"                                      \
    "CPUID 40000006: 0002000F-00000000-00000000-00000000\n"
#define ROOT_PARTITION "002BB9FF"
#define CHILD          "00388030"
#define ISOLATED       "006BB9FF"

#define KVM "CPUID 40000000: 40000001-4B4D564B-564B4D56-0000004D\n"
#define XEN "CPUID 40000000: 40000005-566E6558-65584D4D-4D4D566E\n"

/* One machine: evidence, and what is said of it. NULL: not in the evidence. */
static const struct machine {
    const char *what;
    struct scene_cpu cpu;
    const char *leaves, *dmi, *log, *kernel, *xen, *oem, *cpuinfo;
    enum viewpoint view;
    const char *hypervisor; /* NULL: not known */
} machines[] = {
    {.what = "a PC",
     .cpu = {"GenuineIntel", VMX, 0, LM, 0},
     .dmi = LENOVO,
     .view = VIEW_METAL,
     .hypervisor = "none"},
    {.what = "the kernel was told of a hypervisor that the processor does not name",
     .cpu = {"GenuineIntel", VMX, 0, LM, 0},
     .cpuinfo = "processor\t: 0\nvendor_id\t: GenuineIntel\nflags\t\t: lm hypervisor\n",
     .dmi = LENOVO,
     .view = VIEW_UNKNOWN},
    {.what = "control: the same where the firmware is a VM's",
     .cpu = {"GenuineIntel", VMX, 0, LM, 0},
     .cpuinfo = "processor\t: 0\nvendor_id\t: GenuineIntel\nflags\t\t: lm hypervisor\n",
     .dmi = QEMU,
     .view = VIEW_GUEST,
     .hypervisor = "QEMU"},
    {.what = "a hypervisor's leaves without the processor's own",
     .leaves = KVM,
     .dmi = LENOVO,
     .view = VIEW_GUEST,
     .hypervisor = "KVM"},
    {.what = "firmware that says it is a VM's, of a maker not known",
     .cpu = {"GenuineIntel", HYPERVISOR, 0, LM, 0},
     .dmi = "vendor: Made\nproduct: Up\nvirtual-machine: yes\n",
     .view = VIEW_GUEST,
     .hypervisor = "unknown"},
    {.what = "dom0 by its features, written with 0x",
     .cpu = {"GenuineIntel", HYPERVISOR, 0, LM, 0},
     .leaves = XEN,
     .dmi = LENOVO,
     .xen = "type: xen\nfeatures: 0x00000800\n",
     .view = VIEW_DOM0,
     .hypervisor = "Xen"},
    {.what = "a KVM guest",
     .cpu = {"GenuineIntel", HYPERVISOR, 0, LM, 0},
     .leaves = KVM,
     .dmi = QEMU,
     .view = VIEW_GUEST,
     .hypervisor = "KVM"},
    {.what = "Hyper-V's root partition",
     .cpu = {"GenuineIntel", HYPERVISOR, 0, LM, 0},
     .leaves = HYPERV(ROOT_PARTITION, "00060E14"),
     .dmi = LENOVO,
     .view = VIEW_ROOT,
     .hypervisor = "Hyper-V"},
    {.what = "the root partition by the log alone",
     .dmi = LENOVO,
     .log = "[ 0.0] Hypervisor detected: Microsoft Hyper-V\n"
            "[ 0.0] Hyper-V: running as root partition\n",
     .view = VIEW_ROOT,
     .hypervisor = "Hyper-V"},
    {.what = "a child of Hyper-V",
     .cpu = {"GenuineIntel", HYPERVISOR, 0, LM, 0},
     .leaves = HYPERV(CHILD, "00060E14"),
     .dmi = "vendor: Microsoft Corporation\nproduct: Virtual Machine\n",
     .view = VIEW_GUEST,
     .hypervisor = "Hyper-V"},
    {.what = "an isolated child has the bits of a root",
     .cpu = {"GenuineIntel", HYPERVISOR, 0, LM, 0},
     .leaves = HYPERV(ISOLATED, "00060E14"),
     .view = VIEW_GUEST,
     .hypervisor = "Hyper-V"},
    {.what = "control: Windows with VBS inside a VM looks like a root partition",
     .cpu = {"GenuineIntel", HYPERVISOR, 0, LM, 0},
     .leaves = HYPERV(ROOT_PARTITION, "00060E14"),
     .dmi = QEMU,
     .view = VIEW_GUEST,
     .hypervisor = "Hyper-V"},
    {.what = "the same by the OEM id alone",
     .cpu = {"GenuineIntel", HYPERVISOR, 0, LM, 0},
     .leaves = HYPERV(ROOT_PARTITION, "00060E14"),
     .oem = "BOCHS ",
     .view = VIEW_GUEST,
     .hypervisor = "Hyper-V"},
    {.what = "the same in an instance of EC2",
     .cpu = {"GenuineIntel", HYPERVISOR, 0, LM, 0},
     .leaves = HYPERV(ROOT_PARTITION, "00060E14"),
     .dmi = "vendor: Amazon EC2\nproduct: m8i.large\n",
     .view = VIEW_GUEST,
     .hypervisor = "Hyper-V"},
    {.what = "control: a root partition on EC2's metal",
     .cpu = {"GenuineIntel", HYPERVISOR, 0, LM, 0},
     .leaves = HYPERV(ROOT_PARTITION, "00060E14"),
     .dmi = "vendor: Amazon EC2\nproduct: m5.metal\n",
     .oem = "AMAZON",
     .view = VIEW_ROOT,
     .hypervisor = "Hyper-V"},
    {.what = "a root partition at Google, which has metal and VMs of one name",
     .cpu = {"GenuineIntel", HYPERVISOR, 0, LM, 0},
     .leaves = HYPERV(ROOT_PARTITION, "00060E14"),
     .dmi = "vendor: Google\nproduct: Google Compute Engine\n",
     .oem = "Google",
     .view = VIEW_UNKNOWN},
    {.what = "tables of Google alone", .oem = "Google", .view = VIEW_UNKNOWN},
    {.what = "a nested root partition says so itself",
     .cpu = {"GenuineIntel", HYPERVISOR, 0, LM, 0},
     .leaves = HYPERV(ROOT_PARTITION, "00061E14"),
     .dmi = LENOVO,
     .view = VIEW_GUEST,
     .hypervisor = "Hyper-V"},
    {.what = "the log's word for the same",
     .cpu = {"GenuineIntel", HYPERVISOR, 0, LM, 0},
     .leaves = HYPERV(ROOT_PARTITION, "00060E14"),
     .dmi = LENOVO,
     .log = "[ 0.0] Hyper-V: running on a nested hypervisor\n",
     .view = VIEW_GUEST,
     .hypervisor = "Hyper-V"},
    {.what = "dom0 by its privileges",
     .cpu = {"GenuineIntel", HYPERVISOR, 0, LM, 0},
     .leaves = XEN,
     .dmi = LENOVO,
     .xen = "type: xen\nprivileges: control_d\n",
     .view = VIEW_DOM0,
     .hypervisor = "Xen"},
    {.what = "control: a PVH dom0, by bit 11 of its features",
     .cpu = {"GenuineIntel", HYPERVISOR, 0, LM, 0},
     .leaves = XEN,
     .dmi = LENOVO,
     .xen = "type: xen\nfeatures: 00000fd5\n",
     .view = VIEW_DOM0,
     .hypervisor = "Xen"},
    {.what = "dom0 by the log",
     .dmi = LENOVO,
     .log = "[ 0.0] xen: Initial domain\n",
     .view = VIEW_DOM0,
     .hypervisor = "Xen"},
    {.what = "dom0 by Xen PV on a maker's machine",
     .dmi = LENOVO,
     .log = "[ 0.0] Hypervisor detected: Xen PV\n",
     .view = VIEW_DOM0,
     .hypervisor = "Xen"},
    {.what = "control: a PV guest has no SMBIOS",
     .log = "[ 0.0] Hypervisor detected: Xen PV\n",
     .view = VIEW_GUEST,
     .hypervisor = "Xen"},
    {.what = "control: a Xen guest is no dom0",
     .cpu = {"GenuineIntel", HYPERVISOR, 0, LM, 0},
     .leaves = XEN,
     .dmi = "vendor: Xen\nproduct: HVM domU\n",
     .log = "[ 0.0] Hypervisor detected: Xen HVM\n",
     .xen = "type: xen\nfeatures: 000005f5\ncapabilities: xen-3.0-x86_64 hvm-3.0-x86_64\n",
     .view = VIEW_GUEST,
     .hypervisor = "Xen"},
    {.what = "control: PVH guest, only /sys/hypervisor tells",
     .dmi = LENOVO,
     .xen = "type: xen\nfeatures: 000005f5\n",
     .view = VIEW_GUEST,
     .hypervisor = "Xen"},
    {.what = "dom0 inside a VM",
     .cpu = {"GenuineIntel", HYPERVISOR, 0, LM, 0},
     .leaves = XEN,
     .dmi = QEMU,
     .xen = "type: xen\nprivileges: control_d\n",
     .view = VIEW_GUEST,
     .hypervisor = "Xen"},
    {.what = "WSL2",
     .cpu = {"GenuineIntel", HYPERVISOR, 0, LM, 0},
     .leaves = HYPERV(CHILD, "00060E14"),
     .kernel = "release: 5.15.153.1-microsoft-standard-WSL2\narch: x86_64\n",
     .view = VIEW_WSL,
     .hypervisor = "Hyper-V"},
    {.what = "WSL2 with a kernel of one's own",
     .kernel = "release: 6.6.1\ncmdline: WSL_ROOT_INIT=1\narch: x86_64\n",
     .view = VIEW_WSL,
     .hypervisor = "Hyper-V"},
    {.what = "WSL1",
     .cpu = {"GenuineIntel", VMX, 0, LM, 0},
     .kernel = "release: 4.4.0-19041-Microsoft\narch: x86_64\n",
     .view = VIEW_WSL,
     .hypervisor = "Hyper-V"},
    {.what = "an Azure kernel in Azure is no WSL",
     .cpu = {"GenuineIntel", HYPERVISOR, 0, LM, 0},
     .leaves = HYPERV(CHILD, "00060E14"),
     .dmi = "vendor: Microsoft Corporation\nproduct: Virtual Machine\n",
     .kernel = "release: 6.8.0-1021-azure\narch: x86_64\n",
     .view = VIEW_GUEST,
     .hypervisor = "Hyper-V"},
    {.what = "a Surface is no virtual machine",
     .cpu = {"GenuineIntel", VMX, 0, LM, 0},
     .dmi = "vendor: Microsoft Corporation\nproduct: Surface Pro 9\n",
     .view = VIEW_METAL,
     .hypervisor = "none"},
    {.what = "a hidden hypervisor: SMBIOS and ACPI name QEMU",
     .cpu = {"GenuineIntel", VMX, 0, LM, 0},
     .dmi = QEMU,
     .oem = "BOCHS ",
     .view = VIEW_GUEST,
     .hypervisor = "QEMU"},
    {.what = "one name does not outweigh CPUID",
     .cpu = {"GenuineIntel", VMX, 0, LM, 0},
     .dmi = QEMU,
     .view = VIEW_METAL,
     .hypervisor = "none"},
    {.what = "control: EC2's bare metal",
     .cpu = {"GenuineIntel", VMX, 0, LM, 0},
     .dmi = "vendor: Amazon EC2\nproduct: c5.metal\n",
     .oem = "AMAZON",
     .view = VIEW_METAL,
     .hypervisor = "none"},
    {.what = "EC2's bare metal without CPUID",
     .dmi = "vendor: Amazon EC2\nproduct: m6g.metal\n",
     .oem = "AMAZON",
     .view = VIEW_METAL,
     .hypervisor = "none"},
    {.what = "an EC2 instance without CPUID",
     .dmi = "vendor: Amazon EC2\nproduct: m6g.large\n",
     .oem = "AMAZON",
     .view = VIEW_GUEST,
     .hypervisor = "unknown"},
    {.what = "an EC2 instance with CPUID",
     .cpu = {"GenuineIntel", HYPERVISOR, 0, LM, 0},
     .leaves = KVM,
     .dmi = "vendor: Amazon EC2\nproduct: c5.large\n",
     .view = VIEW_GUEST,
     .hypervisor = "KVM"},
    {.what = "a cloud's OEM id alone tells neither", .oem = "AMAZON", .view = VIEW_UNKNOWN},
    {.what = "tables alone, and none names a hypervisor",
     .oem = "LENOVO",
     .view = VIEW_METAL,
     .hypervisor = "none"},
    {.what = "the kernel found bare hardware",
     .dmi = LENOVO,
     .log = "[ 0.0] Booting paravirtualized kernel on bare hardware\n",
     .view = VIEW_METAL,
     .hypervisor = "none"},
    {.what = "a log without that line tells nothing",
     .log = "[ 0.0] Linux version 6.1.0\n[ 0.0] DMI: LENOVO 21CB/21CB, BIOS 1 01/02/2023\n",
     .view = VIEW_UNKNOWN},
    {.what = "control: a Clevo that bears another vendor's name",
     .cpu = {"GenuineIntel", VMX, 0, LM, 0},
     .dmi = "vendor: XMG\nproduct: NEO\n",
     .oem = "CLEVO ",
     .view = VIEW_METAL,
     .hypervisor = "none"},
    {.what = "control: dmesg -l notice holds neither DMI nor a hypervisor",
     .log = "[ 0.0] Linux version 6.1.0 (x) #1 SMP\n",
     .view = VIEW_UNKNOWN},
};

static void lay_out(struct scene *s, const struct machine *m)
{
    const struct {
        const char *name, *text;
    } blobs[] = {
        {"cpuid-hypervisor", m->leaves}, {"dmi", m->dmi},     {"efi/kernel-log", m->log},
        {"kernel", m->kernel},           {"sys/xen", m->xen}, {"cpuinfo", m->cpuinfo},
    };
    scene_begin(s);
    if (m->cpu.vendor != NULL)
        scene_cpuid(s, m->cpu, 2);
    for (size_t i = 0; i < COUNT(blobs); i++) {
        if (blobs[i].text != NULL)
            scene_text(s, blobs[i].name, blobs[i].text);
    }
    if (m->oem != NULL)
        scene_oem_acpi(s, m->oem);
}

static void every_machine_is_seen_as_what_it_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(machines); i++) {
        const struct machine *m = &machines[i];
        struct scene s;
        lay_out(&s, m);
        scene_judge(&s);
        const struct fact *view = scene_fact(&s, "host.viewpoint");
        const struct fact *name = scene_fact(&s, "host.hypervisor");
        if (s.report.facts.viewpoint != m->view || (view->st == ST_OK) != (m->view != VIEW_UNKNOWN))
            fail_msg("%s: %s", m->what, view->st == ST_OK ? view->v.text : "unknown");
        if ((name->st == ST_OK) != (m->hypervisor != NULL) ||
            (name->st == ST_OK && strcmp(name->v.text, m->hypervisor) != 0))
            fail_msg("%s: %s", m->what, name->st == ST_OK ? name->v.text : "no hypervisor");
        const struct fact *vm = scene_fact(&s, "host.vm");
        if (vm->st == ST_OK)
            assert_int_equal(vm->v.b, m->view == VIEW_GUEST || m->view == VIEW_WSL);
        scene_end(&s);
    }
}

/* The FADT's field names a hypervisor only by a word on the list: QCOM is metal. */
static void a_qualcomm_laptop_is_no_virtual_machine(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        enum viewpoint view;
    } rows[] = {{"QCOM\0\0\0\0", VIEW_METAL},
                {"QEMU\0\0\0\0", VIEW_GUEST},
                {"MsHyperV", VIEW_GUEST},
                {"CROSVM\0\0", VIEW_GUEST},
                {"CLOUDHYP", VIEW_GUEST}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        static struct build b;
        struct scene s;
        scene_begin(&s);
        scene_bytes(&s, "acpi/FACP", table_facp(&b, 6, 276, rows[i].word));
        scene_bytes(&s, "acpi/APIC", table_apic(&b));
        scene_text(&s, "kernel", "arch: aarch64\n");
        scene_text(&s, "efi/kernel-log", "[ 0.1] CPU: All CPU(s) started at EL1\n");
        scene_judge(&s);
        if (s.report.facts.viewpoint != rows[i].view)
            fail_msg("%.8s", rows[i].word);
        scene_end(&s);
    }
}

static const struct machine *machine_called(const char *what)
{
    for (size_t i = 0; i < COUNT(machines); i++) {
        if (strcmp(machines[i].what, what) == 0)
            return &machines[i];
    }
    fail_msg("no machine %s", what);
    return NULL;
}

static void the_root_partition_proves_virtualization_by_running(void **state)
{
    (void)state;
    struct scene s;
    lay_out(&s, machine_called("Hyper-V's root partition"));
    scene_judge(&s);
    assert_verdict(&s, "cpu.virtualization", V_PASS);
    assert_verdict(&s, "cpu.slat", V_PASS);
    assert_reason(&s, "cpu.mbec", ST_HIDDEN);
    assert_verdict(&s, "vm.nested", V_NOT_APPLICABLE);
    scene_end(&s);
}

/* The rest of a root partition is judged as metal is: no table is waived there. */
static void the_root_partition_waives_nothing(void **state)
{
    (void)state;
    struct scene s;
    lay_out(&s, machine_called("Hyper-V's root partition"));
    scene_complete_acpi(&s);
    scene_judge(&s);
    assert_verdict(&s, "smm.wsmt", V_FAIL);
    assert_verdict(&s, "iommu.present", V_FAIL);
    assert_int_equal(scene_rule(&s, "smm.wsmt")->level, LEVEL_REQUIRED);
    scene_end(&s);
}

static void what_runs_inside_a_vm_passes_by_running(void **state)
{
    (void)state;
    struct scene s;
    lay_out(&s,
            machine_called("control: Windows with VBS inside a VM looks like a root partition"));
    scene_judge(&s);
    assert_verdict(&s, "cpu.virtualization", V_PASS);
    assert_verdict(&s, "vm.nested", V_PASS);
    scene_end(&s);
}

static void nothing_is_absent_in_dom0(void **state)
{
    (void)state;
    static const char *const rules[] = {"smm.wsmt", "iommu.present", "mor.control",
                                        "mor.lock", "uefi.boot",     "cpu.virtualization"};
    struct scene s;
    lay_out(&s, machine_called("control: a PVH dom0, by bit 11 of its features"));
    scene_complete_acpi(&s);
    scene_text(&s, "msr", "0 0x3a 0x0000000000000001\n1 0x3a 0x0000000000000001\n");
    scene_missing(&s, "efi/platform", ST_ABSENT);
    scene_missing(&s, "efivar/MemoryOverwriteRequestControl-e20939be-32d4-41be-a150-897f85d49829",
                  ST_ABSENT);
    scene_missing(&s,
                  "efivar/MemoryOverwriteRequestControlLock-bb983ccf-151d-40e1-a07b-4a17be168292",
                  ST_ABSENT);
    scene_judge(&s);
    for (size_t i = 0; i < COUNT(rules); i++) {
        if (scene_reason(&s, rules[i]) != ST_HIDDEN)
            fail_msg("%s: %s", rules[i], status_name(scene_reason(&s, rules[i])));
    }
    assert_int_equal(s.report.facts.n_findings, 0);
    scene_end(&s);
}

static void what_xen_says_of_the_machine_counts(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    scene_text(&s, "dmi", LENOVO);
    scene_text(&s, "kernel", "arch: x86_64\n");
    scene_text(&s, "sys/xen",
               "type: xen\nprivileges: control_d\n"
               "capabilities: xen-3.0-x86_64 hvm-3.0-x86_32 hvm-3.0-x86_64\n"
               "virt-caps: pv hvm hvm_directio pv_directio hap shadow\n");
    scene_judge(&s);
    assert_verdict(&s, "cpu.virtualization", V_PASS);
    assert_verdict(&s, "cpu.slat", V_PASS);
    assert_reason(&s, "cpu.mbec", ST_HIDDEN);
    scene_end(&s);
}

/* Xen's dom0 sees the DMAR under another name, as Xen 4.17 and as old ones write it, its checksum
   as it was or mended. */
static void the_table_that_xen_renames_is_judged(void **state)
{
    (void)state;
    static const char *const blobs[] = {"acpi/XMAR", "acpi/RMAD"};
    for (unsigned i = 0; i < 2 * COUNT(blobs); i++) {
        static struct build b;
        struct scene s;
        struct span table = table_dmar(&b);
        const char *blob = blobs[i / 2];
        for (unsigned c = 0; c < 4; c++) {
            if (i % 2 != 0)
                b.bytes[9] = (uint8_t)(b.bytes[9] + b.bytes[c] - (uint8_t)blob[5 + c]);
            b.bytes[c] = (uint8_t)blob[5 + c];
        }
        scene_begin(&s);
        scene_text(&s, "dmi", LENOVO);
        scene_bytes(&s, blob, table);
        scene_judge(&s);
        assert_int_equal(s.report.facts.viewpoint, VIEW_DOM0);
        assert_verdict(&s, "iommu.present", V_PASS);
        scene_end(&s);
    }
}

static void wsl_is_not_the_pc(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        enum verdict virtualization;
    } rows[] = {{"WSL2", V_PASS}, {"WSL1", V_UNKNOWN}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        lay_out(&s, machine_called(rows[i].what));
        scene_judge(&s);
        assert_verdict(&s, "cpu.64bit", V_PASS);
        assert_verdict(&s, "cpu.virtualization", rows[i].virtualization);
        assert_verdict(&s, "cpu.slat", rows[i].virtualization);
        assert_int_equal(s.report.readiness, UNDETERMINED);
        assert_int_equal(s.report.n_caveats, 1);
        scene_end(&s);
    }
}

/* One kind of evidence names a VMM, and another that could was denied: not metal, nor a guest. */
static void one_name_and_a_denied_source_leave_the_view_open(void **state)
{
    (void)state;
    static const enum status rows[] = {ST_NO_PERMISSION, ST_NOT_COLLECTED};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        scene_begin(&s);
        scene_cpuid(&s, (struct scene_cpu){"GenuineIntel", VMX, 0, LM, 0}, 1);
        scene_text(&s, "dmi", QEMU);
        scene_missing(&s, "efi/kernel-log", rows[i]);
        scene_judge(&s);
        bool open = rows[i] == ST_NO_PERMISSION;
        assert_int_equal(s.report.facts.viewpoint, open ? VIEW_UNKNOWN : VIEW_METAL);
        assert_int_equal(scene_fact(&s, "host.hypervisor")->st, open ? ST_NO_PERMISSION : ST_OK);
        scene_end(&s);
    }
}

/* Generations of Hyper-V: secure mode counts in a VM that boots through UEFI. */
static void secure_mode_counts_in_generation_2_only(void **state)
{
    (void)state;
    static const struct {
        enum status platform; /* ST_OK: UEFI; ST_ABSENT: legacy; else not collected */
        const char *privileges;
        enum verdict verdict;
    } rows[] = {
        {ST_OK, "00010000", V_PASS},
        {ST_OK, "00000000", V_FAIL},
        {ST_ABSENT, "00010000", V_FAIL},
        {ST_ABSENT, "00000000", V_FAIL},
        {ST_NOT_COLLECTED, "00010000", V_UNKNOWN},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        scene_begin(&s);
        scene_cpuid(&s, (struct scene_cpu){"GenuineIntel", HYPERVISOR, 0, LM, 0}, 1);
        if (rows[i].platform == ST_OK)
            scene_text(&s, "efi/platform", "64\n");
        else
            scene_missing(&s, "efi/platform", rows[i].platform);
        scene_text(&s, "cpuid-hypervisor",
                   arena_printf(&s.arena,
                                "CPUID 40000000: 4000000A-7263694D-666F736F-76482074\n"
                                "CPUID 40000003: 00002E7F-%s-00000002-000ED7B2\n",
                                rows[i].privileges));
        scene_judge(&s);
        if (scene_verdict(&s, "vm.nested") != rows[i].verdict)
            fail_msg("row %zu: %s", i, verdict_name(scene_verdict(&s, "vm.nested")));
        scene_end(&s);
    }
}

/* Shown is not enough: vm.nested has the conditions of cpu.virtualization. */
static void virtualization_locked_off_fails_vm_nested(void **state)
{
    (void)state;
    static const char *const only[] = {"vm", NULL};
    struct scene s;
    scene_begin(&s);
    s.options.only = only;
    scene_cpuid(&s, (struct scene_cpu){"GenuineIntel", HYPERVISOR | VMX, 0, LM, 0}, 1);
    scene_text(&s, "cpuid-hypervisor", KVM);
    scene_text(&s, "kernel", "release: 6.12.0\narch: x86_64\nconfig-kvm-intel: m\n");
    scene_text(&s, "msr", "0 0x3a 0x0000000000000001\n");
    scene_judge(&s);
    assert_verdict(&s, "vm.nested", V_FAIL);
    assert_int_equal(s.report.readiness, NOT_READY);
    scene_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_machine_is_seen_as_what_it_is),
        cmocka_unit_test(a_qualcomm_laptop_is_no_virtual_machine),
        cmocka_unit_test(the_root_partition_proves_virtualization_by_running),
        cmocka_unit_test(the_root_partition_waives_nothing),
        cmocka_unit_test(what_runs_inside_a_vm_passes_by_running),
        cmocka_unit_test(nothing_is_absent_in_dom0),
        cmocka_unit_test(what_xen_says_of_the_machine_counts),
        cmocka_unit_test(the_table_that_xen_renames_is_judged),
        cmocka_unit_test(wsl_is_not_the_pc),
        cmocka_unit_test(one_name_and_a_denied_source_leave_the_view_open),
        cmocka_unit_test(secure_mode_counts_in_generation_2_only),
        cmocka_unit_test(virtualization_locked_off_fails_vm_nested),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
