/* SPDX-License-Identifier: MIT */
/* Which architecture, and metal or virtual. */
#include <string.h>

#include "parse/acpi/fadt.h"
#include "parse/acpi/madt.h"
#include "parse/keyval.h"
#include "probe/acpi.h"
#include "probe/cpu/cpu.h"
#include "vbscheck/count.h"

enum {
    HV_3_EBX_ACCESS_VSM = 16, /* Hyper-V TLFS: partition privilege mask, bit 48 */
};

#define EC2_VENDOR "Amazon EC2"

/* Identifiers of CPUID leaf 4000_0000h. KVM can show Hyper-V's to Windows guests. */
static const struct {
    const char *id;
    const char *name;
} hypervisors[] = {
    {"Microsoft Hv", "Hyper-V"},    {"KVMKVMKVM", "KVM"},      {"Linux KVM Hv", "KVM"},
    {"VMwareVMware", "VMware"},     {"XenVMMXenVMM", "Xen"},   {"TCGTCGTCGTCG", "QEMU TCG"},
    {"VBoxVBoxVBox", "VirtualBox"}, {"bhyve bhyve ", "bhyve"}, {" prl hyperv ", "Parallels"},
    {" lrpepyh vr", "Parallels"},   {"ACRNACRNACRN", "ACRN"},  {"Jailhouse", "Jailhouse"},
};

/* How SMBIOS names the machines of well-known VMMs. */
static const struct {
    const char *vendor;
    const char *product; /* prefix */
    const char *name;
} virtual_machines[] = {
    {"QEMU", "", "QEMU"},
    {"VMware, Inc.", "VMware", "VMware"},
    {"innotek GmbH", "VirtualBox", "VirtualBox"},
    {"Xen", "", "Xen"},
    {"Microsoft Corporation", "Virtual Machine", "Hyper-V"},
    {"Parallels Software International Inc.", "Parallels", "Parallels"},
    {"Parallels International GmbH.", "Parallels", "Parallels"},
    {"Google", "Google Compute Engine", "KVM"},
    {"Red Hat", "KVM", "KVM"},
    {"oVirt", "", "KVM"},
    {"OpenStack Foundation", "", "KVM"},
    {"BHYVE", "", "bhyve"},
    {EC2_VENDOR, "", "EC2"},
    {"Alibaba Cloud", "", "KVM"},
    {"DigitalOcean", "", "KVM"},
    {"Hetzner", "vServer", "KVM"},
    {"Apple Inc.", "Apple Virtualization", "Apple Virtualization"},
};

/* OEM ids that only VMMs put into their tables. */
static const struct {
    const char *oem_id;
    const char *name;
} virtual_oems[] = {
    {"BOCHS ", "QEMU"},
    {"VBOX  ", "VirtualBox"},
    {"VMWARE", "VMware"},
    {"VRTUAL", "Hyper-V"},
    {"FIRECK", "Firecracker"},
    {"PRLS  ", "Parallels"},
    {"CLOUDH", "Cloud Hypervisor"},
    {"AMAZON", "EC2"},
};

struct vm {
    struct cpu_answer is_vm;
    const char *name; /* NULL: not told */
    const char *told_by;
};

static const char *hypervisor_name(const struct probe_run *p, const struct cpu_evidence *e)
{
    char id[13];
    if (e->hypervisor_st != ST_OK)
        return NULL;
    cpuid_hypervisor_id(&e->hypervisor, CPUID_HV_0, id);
    if (strcmp(id, "Microsoft Hv") == 0 && (e->hypervisor.known & 1u << CPUID_HV_100) != 0) {
        char behind[13];
        cpuid_hypervisor_id(&e->hypervisor, CPUID_HV_100, behind);
        if (strcmp(behind, "XenVMMXenVMM") == 0)
            return "Xen";
    }
    for (size_t i = 0; i < COUNT(hypervisors); i++) {
        if (strcmp(id, hypervisors[i].id) == 0)
            return hypervisors[i].name;
    }
    return arena_text(p->arena, span_trim(span_of(id)));
}

/* EC2 tells its bare-metal instances by the product; what else names EC2 does not say "VM" there.
 */
static bool is_ec2_metal(struct dmi d)
{
    return span_is(d.vendor, EC2_VENDOR) && span_find(d.product, ".metal", NULL);
}

static struct dmi machine_dmi(const struct probe_run *p)
{
    struct blob b = snap_get(p->snap, "dmi");
    return b.st == ST_OK ? dmi_parse(b.data) : (struct dmi){0};
}

static const char *name_by_dmi(const struct probe_run *p)
{
    struct dmi d = machine_dmi(p);
    if (is_ec2_metal(d))
        return NULL;
    for (size_t i = 0; i < COUNT(virtual_machines); i++) {
        if (span_is(d.vendor, virtual_machines[i].vendor) &&
            span_starts(d.product, virtual_machines[i].product))
            return virtual_machines[i].name;
    }
    return NULL;
}

/* Revision 6 of the FADT has a field for the hypervisor's vendor; it is zero on metal. */
static const char *name_by_fadt(const struct probe_run *p)
{
    struct acpi_set set = acpi_tables(p, "FACP");
    struct fadt f;
    if (set.st != ST_OK || fadt_parse(set.tables[0]->data, &f, NULL) != ST_OK ||
        is_ec2_metal(machine_dmi(p)))
        return NULL;
    for (size_t i = 0; i < COUNT(virtual_oems); i++) {
        if (strcmp(f.oem_id, virtual_oems[i].oem_id) == 0)
            return virtual_oems[i].name;
    }
    return f.hypervisor_id[0] != '\0' ? arena_text(p->arena, span_trim(span_of(f.hypervisor_id)))
                                      : NULL;
}

static const char *name_by_log(const struct probe_run *p, const struct cpu_evidence *e)
{
    if (e->log.hypervisor.len > 0)
        return arena_text(p->arena, e->log.hypervisor);
    return span_starts(e->log.dmi, "QEMU ") ? "QEMU" : NULL;
}

/* Where several tell, CPUID's own bit decides; the others only name the hypervisor. */
static struct vm detect(const struct probe_run *p, const struct cpu_evidence *e)
{
    struct vm v = {.is_vm = cpu_has_bit(e, CPUID_1, CPUID_ECX, CPUID_1_ECX_HYPERVISOR)};
    if (v.is_vm.st != ST_OK && e->x86)
        v.is_vm = cpu_has_flag(e, CPUINFO_HYPERVISOR);
    const struct {
        const char *name;
        const char *blob;
    } told[] = {
        {hypervisor_name(p, e), "cpuid-hypervisor"},
        {name_by_dmi(p), "dmi"},
        {name_by_log(p, e), "efi/kernel-log"},
        {name_by_fadt(p), "acpi/FACP"},
    };
    for (size_t i = 0; i < COUNT(told); i++) {
        if (told[i].name == NULL)
            continue;
        if (v.name == NULL) {
            v.name = told[i].name;
            v.told_by = told[i].blob;
        }
        if (v.is_vm.st != ST_OK)
            v.is_vm = cpu_answer_is(true, origin_of(told[i].blob));
    }
    /* KVM can show Hyper-V's identifier to Windows guests. */
    if (v.name != NULL && strcmp(v.name, "Hyper-V") == 0 && told[1].name != NULL) {
        v.name = told[1].name;
        v.told_by = told[1].blob;
    }
    /* An Arm kernel at EL1 may be a guest that nothing gives away. */
    bool maybe_guest = e->arm64 && e->log.el != KLOG_EL2 && !e->log.hyp_mode;
    if (v.is_vm.st != ST_OK && acpi_is_complete(p->snap) && !maybe_guest) {
        notes_add(p->notes, "acpi/FACP",
                  "taken for metal: no source names a hypervisor, and there is no CPUID to ask");
        v.is_vm = cpu_answer_is(false, origin_of("acpi/FACP"));
    }
    return v;
}

static void give_vm(const struct probe_run *p, const struct vm *v)
{
    cpu_answer_give(p, FACT_HOST_VM, v->is_vm);
    if (v->is_vm.st != ST_OK)
        facts_unknown(p->facts, FACT_HOST_HYPERVISOR, v->is_vm.st, v->is_vm.from);
    else if (!v->is_vm.yes)
        facts_text(p->facts, FACT_HOST_HYPERVISOR, "none", v->is_vm.from);
    else
        facts_text(p->facts, FACT_HOST_HYPERVISOR, v->name != NULL ? v->name : "unknown",
                   v->is_vm.from);
}

static void give_vsm(const struct probe_run *p, const struct cpu_evidence *e, const struct vm *v)
{
    struct origin from = origin_of("cpuid-hypervisor");
    if (cpu_answer_no(v->is_vm)) {
        facts_unknown(p->facts, FACT_VM_VSM, ST_ABSENT, v->is_vm.from);
    } else if (v->name != NULL && strcmp(v->name, "Hyper-V") != 0) {
        facts_bool(p->facts, FACT_VM_VSM, false, origin_of(v->told_by));
    } else if (e->hypervisor_st == ST_OK) {
        bool has = (e->hypervisor.known & 1u << CPUID_HV_3) != 0;
        uint32_t privileges = e->hypervisor.leaf[CPUID_HV_3][CPUID_EBX];
        facts_bool(p->facts, FACT_VM_VSM, has && (privileges >> HV_3_EBX_ACCESS_VSM & 1) != 0,
                   from);
    } else {
        facts_unknown(p->facts, FACT_VM_VSM,
                      e->hypervisor_st == ST_ABSENT ? ST_NOT_COLLECTED : e->hypervisor_st, from);
    }
}

/* The interrupt controllers that the MADT lists tell the architecture, where nothing else does. */
static struct cpu_answer x86_by_madt(const struct probe_run *p)
{
    struct acpi_set set = acpi_tables(p, "APIC");
    struct madt m;
    if (set.st != ST_OK)
        return cpu_answer_unknown(set.st == ST_ABSENT ? ST_NOT_COLLECTED : set.st,
                                  origin_of(set.blob));
    if (madt_parse(set.tables[0]->data, &m, NULL) != ST_OK || m.x86 == m.arm)
        return cpu_answer_unknown(ST_NOT_COLLECTED, origin_of(set.blob));
    return cpu_answer_is(m.x86, origin_of(set.blob));
}

static void give_arch(const struct probe_run *p, const struct cpu_evidence *e)
{
    struct span arch;
    struct blob kernel = snap_get(p->snap, "kernel");
    struct cpu_answer x86 =
        e->x86 || e->arm64 ? cpu_answer_is(e->x86, origin_of("cpuid")) : x86_by_madt(p);
    if (e->cpuid_st != ST_OK && (e->x86 || e->arm64))
        x86.from = origin_of(e->cpuinfo_st == ST_OK ? "cpuinfo" : "kernel");
    cpu_answer_give(p, FACT_HOST_X86, x86);
    if (kernel.st == ST_OK && keyval_get(kernel.data, "arch", &arch))
        facts_text(p->facts, FACT_HOST_ARCH, arena_text(p->arena, arch), origin_of("kernel"));
    else if (cpu_answer_no(x86))
        facts_text(p->facts, FACT_HOST_ARCH, "aarch64", x86.from);
    else if (fact_known(p->facts, FACT_CPU_64BIT))
        facts_text(p->facts, FACT_HOST_ARCH,
                   fact_is_true(p->facts, FACT_CPU_64BIT) ? "x86_64" : "i686", x86.from);
    else
        facts_unknown(p->facts, FACT_HOST_ARCH, ST_NOT_COLLECTED, x86.from);
}

void machine_identify(const struct probe_run *p, const struct cpu_evidence *e)
{
    struct vm v = detect(p, e);
    give_arch(p, e);
    give_vm(p, &v);
    give_vsm(p, e, &v);
}
