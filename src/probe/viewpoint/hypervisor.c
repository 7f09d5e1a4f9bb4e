/* SPDX-License-Identifier: MIT */
#include "probe/viewpoint/hypervisor.h"

#include <string.h>

#include "parse/acpi/fadt.h"
#include "parse/keyval.h"
#include "probe/acpi.h"
#include "vbscheck/count.h"

static const char *const names[HV_COUNT] = {
    [HV_NOT_TOLD] = "unknown",
    [HV_HYPER_V] = "Hyper-V",
    [HV_KVM] = "KVM",
    [HV_QEMU] = "QEMU",
    [HV_XEN] = "Xen",
    [HV_VMWARE] = "VMware",
    [HV_VIRTUALBOX] = "VirtualBox",
    [HV_BHYVE] = "bhyve",
    [HV_PARALLELS] = "Parallels",
    [HV_ACRN] = "ACRN",
    [HV_JAILHOUSE] = "Jailhouse",
    [HV_APPLE] = "Apple Virtualization",
    [HV_FIRECRACKER] = "Firecracker",
    [HV_CLOUD_HYPERVISOR] = "Cloud Hypervisor",
    [HV_CROSVM] = "crosvm",
    [HV_OTHER] = "unknown",
};

const char *hypervisor_name(enum hypervisor hv)
{
    return names[hv];
}

struct word {
    const char *text;
    enum hypervisor hv;
};

/* Identifiers of CPUID leaf 4000_0000h. KVM can show Hyper-V's to Windows guests. */
static const struct word cpuid_ids[] = {
    {"Microsoft Hv", HV_HYPER_V},    {"KVMKVMKVM", HV_KVM},      {"Linux KVM Hv", HV_KVM},
    {"VMwareVMware", HV_VMWARE},     {"XenVMMXenVMM", HV_XEN},   {"TCGTCGTCGTCG", HV_QEMU},
    {"VBoxVBoxVBox", HV_VIRTUALBOX}, {"bhyve bhyve ", HV_BHYVE}, {" prl hyperv ", HV_PARALLELS},
    {" lrpepyh vr", HV_PARALLELS},   {"ACRNACRNACRN", HV_ACRN},  {"Jailhouse", HV_JAILHOUSE},
};

/* Linux, the names of struct hypervisor_x86. "Xen PV" and "Xen HVM" begin alike. */
static const struct word log_names[] = {
    {"Microsoft Hyper-V", HV_HYPER_V},
    {"KVM", HV_KVM},
    {"Xen", HV_XEN},
    {"VMware", HV_VMWARE},
    {"Jailhouse", HV_JAILHOUSE},
    {"ACRN", HV_ACRN},
    {"Bhyve", HV_BHYVE},
};

/*
 * OEM ids that only VMMs put into their tables. Amazon's is on its bare metal too, and Google's may
 * be, so these name no VMM.
 */
static const struct word oem_ids[] = {
    {"BOCHS ", HV_QEMU},
    {"VBOX  ", HV_VIRTUALBOX},
    {"VMWARE", HV_VMWARE},
    {"VRTUAL", HV_HYPER_V},
    {"FIRECK", HV_FIRECRACKER},
    {"PRLS  ", HV_PARALLELS},
    {"CLOUDH", HV_CLOUD_HYPERVISOR},
    {"CROSVM", HV_CROSVM},
    {"Xen", HV_XEN},
    {"BHYVE ", HV_BHYVE},
    {"MSFTVM", HV_HYPER_V},
};

/*
 * ACPI 6.5, table 5.9, "Hypervisor Vendor Identity". Qualcomm's firmware writes QCOM there on
 * bare-metal laptops, so a word that is not listed proves nothing.
 */
static const struct word fadt_ids[] = {
    {"QEMU", HV_QEMU},
    {"MsHyperV", HV_HYPER_V},
    {"CROSVM", HV_CROSVM},
    {"CLOUDHYP", HV_CLOUD_HYPERVISOR},
};

/* SMBIOS names of machines of well-known VMMs; a cloud's name alone does not name a VMM. */
static const struct {
    const char *vendor;
    const char *product; /* prefix */
    enum hypervisor hv;
    bool cloud;
} smbios_names[] = {
    {"QEMU", "", HV_QEMU, false},
    {"VMware, Inc.", "VMware", HV_VMWARE, false},
    {"innotek GmbH", "VirtualBox", HV_VIRTUALBOX, false},
    {"Xen", "", HV_XEN, false},
    {"Microsoft Corporation", "Virtual Machine", HV_HYPER_V, false},
    {"Parallels Software International Inc.", "Parallels", HV_PARALLELS, false},
    {"Parallels International GmbH.", "Parallels", HV_PARALLELS, false},
    {"Parallels International GmbH", "Parallels", HV_PARALLELS, false},
    {"Red Hat", "KVM", HV_KVM, false},
    {"oVirt", "", HV_KVM, false},
    {"OpenStack Foundation", "", HV_KVM, false},
    {"Nutanix", "AHV", HV_KVM, false},
    {"KubeVirt", "", HV_KVM, false},
    {"RDO", "OpenStack", HV_KVM, false},
    {"Red Hat", "RHEV", HV_KVM, false},
    {"Red Hat", "OpenStack", HV_KVM, false},
    {"BHYVE", "", HV_BHYVE, false},
    {"Hetzner", "vServer", HV_KVM, false},
    {"DigitalOcean", "Droplet", HV_KVM, false},
    {"Apple Inc.", "Apple Virtualization", HV_APPLE, false},
    {"Amazon EC2", "", HV_NOT_TOLD, true},
    {"Google", "Google Compute Engine", HV_NOT_TOLD, true},
    {"Alibaba Cloud", "", HV_NOT_TOLD, true},
    {"DigitalOcean", "", HV_NOT_TOLD, true},
};

static enum hypervisor find_word(const struct word *words, size_t n, const char *text)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(text, words[i].text) == 0)
            return words[i].hv;
    }
    return HV_NOT_TOLD;
}

enum hypervisor hypervisor_of_cpuid(const struct cpu_evidence *e, struct arena *a,
                                    const char **other)
{
    char id[13];
    if (e->hypervisor_st != ST_OK)
        return HV_NOT_TOLD;
    if (e->hypervisor.known & 1u << CPUID_HV_100) {
        /* VMMs that show Hyper-V's leaves to please Windows keep their own name here. */
        cpuid_hypervisor_id(&e->hypervisor, CPUID_HV_100, id);
        enum hypervisor own = find_word(cpuid_ids, COUNT(cpuid_ids), id);
        if (own == HV_XEN || own == HV_KVM)
            return own;
    }
    cpuid_hypervisor_id(&e->hypervisor, CPUID_HV_0, id);
    enum hypervisor hv = find_word(cpuid_ids, COUNT(cpuid_ids), id);
    struct span rest = span_trim(span_of(id));
    if (hv != HV_NOT_TOLD || rest.len == 0)
        return hv;
    *other = arena_text(a, rest);
    return HV_OTHER;
}

/* The log has vendor and product in one: "QEMU Standard PC (Q35 + ICH9, 2009), BIOS …". */
static bool names_machine(struct span vendor, struct span product, const char *want_vendor,
                          const char *want_product)
{
    if (product.ptr != NULL)
        return span_is(vendor, want_vendor) && span_starts(product, want_product);
    if (!span_starts(vendor, want_vendor))
        return false;
    struct span rest = span_skip(vendor, strlen(want_vendor));
    return span_starts(rest, " ") && span_starts(span_skip(rest, 1), want_product);
}

/* Placeholders that vendors leave in the field for the machine's maker. */
static bool is_placeholder(struct span vendor)
{
    static const char *const words[] = {"To Be Filled",
                                        "To be filled",
                                        "System manufacturer",
                                        "System Manufacturer",
                                        "Default string",
                                        "Not Specified",
                                        "Unknown",
                                        "O.E.M",
                                        "OEM"};
    for (size_t i = 0; i < COUNT(words); i++) {
        if (span_starts(vendor, words[i]))
            return true;
    }
    return vendor.len == 0;
}

struct smbios_word hypervisor_of_smbios(const struct probe_run *p)
{
    struct blob b = snap_get(p->snap, "dmi");
    struct smbios_word w = {.blob = b.name};
    struct dmi d = b.st == ST_OK ? dmi_parse(b.data) : (struct dmi){0};
    if (b.st == ST_OK && d.product.ptr == NULL)
        d.product = (struct span){(const uint8_t *)"", 0};
    if (b.st != ST_OK) {
        d.vendor = p->log->dmi;
        w.blob = "efi/kernel-log";
    }
    bool known = false;
    for (size_t i = 0; i < COUNT(smbios_names) && !known; i++) {
        known = names_machine(d.vendor, d.product, smbios_names[i].vendor, smbios_names[i].product);
        if (known) {
            w.hv = smbios_names[i].hv;
            w.cloud = smbios_names[i].cloud;
        }
    }
    if (w.hv == HV_NOT_TOLD && span_is(d.virtual, "yes"))
        w.hv = HV_OTHER;
    w.instance = w.cloud && span_starts(d.vendor, "Amazon EC2");
    w.metal = w.cloud && (span_find(d.product, ".metal", NULL) ||
                          (b.st != ST_OK && span_find(d.vendor, ".metal", NULL)));
    w.hardware = !known && w.hv == HV_NOT_TOLD && !is_placeholder(d.vendor);
    return w;
}

struct acpi_word hypervisor_of_acpi(const struct probe_run *p)
{
    struct acpi_set set = acpi_tables(p, "FACP");
    struct acpi_word w = {0};
    struct fadt f;
    struct fault fault;
    if (set.st != ST_OK)
        return w;
    if (fadt_parse(set.tables[0]->data, &f, &fault) != ST_OK) {
        notes_add(p->notes, set.blob, "the firmware or this copy is faulty: %s, at byte %zu",
                  fault.what, fault.offset);
        return w;
    }
    w.hv = find_word(oem_ids, COUNT(oem_ids), f.oem_id);
    if (w.hv == HV_NOT_TOLD)
        w.hv = find_word(fadt_ids, COUNT(fadt_ids), f.hypervisor_id);
    w.cloud = strcmp(f.oem_id, "AMAZON") == 0 || strcmp(f.oem_id, "Google") == 0;
    w.metal = strcmp(f.hypervisor_id, "QCOM") == 0;
    return w;
}

enum hypervisor hypervisor_of_log(const struct klog *log)
{
    for (size_t i = 0; i < COUNT(log_names); i++) {
        if (span_starts(log->hypervisor, log_names[i].text))
            return log_names[i].hv;
    }
    return log->hypervisor.len > 0 ? HV_OTHER : HV_NOT_TOLD;
}

/*
 * "Hypervisor detected" has the level INFO, like e820: a log from its first line that has that
 * level, and the whole list of tables, would contain it.
 */
bool hypervisor_is_ruled_out(const struct klog *log)
{
    return log->bare_hardware || (log->from_start && log->e820 && log->acpi.whole);
}
