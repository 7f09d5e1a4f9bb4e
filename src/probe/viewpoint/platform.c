/* SPDX-License-Identifier: MIT */
#include "probe/viewpoint/platform.h"

#include <string.h>

#include "parse/keyval.h"
#include "parse/klog/klog.h"
#include "vbscheck/count.h"

/*
 * SMBIOS names of platforms that use a hypervisor which others use as well. `product` is a prefix;
 * "" matches any.
 */
static const struct {
    const char *vendor, *product;
    enum platform platform;
} names[] = {
    {"Amazon EC2", "", PLATFORM_NITRO},       {"Google", "Google Compute Engine", PLATFORM_GOOGLE},
    {"Nutanix", "", PLATFORM_NUTANIX},        {"oVirt", "", PLATFORM_OVIRT},
    {"Red Hat", "RHEV", PLATFORM_OVIRT},      {"OpenStack Foundation", "", PLATFORM_OPENSTACK},
    {"RDO", "OpenStack", PLATFORM_OPENSTACK}, {"Red Hat", "OpenStack", PLATFORM_OPENSTACK},
    {"KubeVirt", "", PLATFORM_KUBEVIRT},
};

static const enum platform of_hypervisor[HV_COUNT] = {
    [HV_HYPER_V] = PLATFORM_HYPER_V,
    [HV_KVM] = PLATFORM_KVM,
    [HV_QEMU] = PLATFORM_KVM,
    [HV_VMWARE] = PLATFORM_VMWARE,
    [HV_VIRTUALBOX] = PLATFORM_VIRTUALBOX,
    [HV_PARALLELS] = PLATFORM_PARALLELS,
    [HV_XEN] = PLATFORM_XEN,
    [HV_BHYVE] = PLATFORM_BHYVE,
    [HV_APPLE] = PLATFORM_APPLE,
};

/* SMBIOS, or its data in the log's line: "Google Google Compute Engine/…, BIOS Google". */
static struct dmi read_dmi(const struct probe_run *p)
{
    struct blob b = snap_get(p->snap, "dmi");
    return b.st == ST_OK ? dmi_parse(b.data) : (struct dmi){.vendor = p->log->dmi};
}

static bool is_named(const struct dmi *d, const char *vendor, const char *product)
{
    if (d->product.ptr != NULL)
        return span_is(d->vendor, vendor) && span_starts(d->product, product);
    size_t n = strlen(vendor);
    return span_starts(d->vendor, vendor) && d->vendor.len > n && d->vendor.ptr[n] == ' ' &&
           span_starts(span_skip(d->vendor, n + 1), product);
}

static enum platform by_name(const struct dmi *d)
{
    for (size_t i = 0; i < COUNT(names); i++) {
        if (is_named(d, names[i].vendor, names[i].product))
            return names[i].platform;
    }
    return PLATFORM_ANY;
}

struct cpu_answer platform_azure_tag(const struct probe_run *p)
{
    struct dmi d = read_dmi(p);
    struct origin from = origin_of("dmi");
    if (d.azure.len > 0)
        return cpu_answer_is(span_is(d.azure, "yes"), from);
    return cpu_answer_unknown(ST_NOT_COLLECTED, from);
}

static bool is_proxmox(const struct probe_run *p, const struct dmi *d)
{
    return span_starts(d->firmware_vendor, "Proxmox") || span_starts(p->log->efi_by, "Proxmox");
}

/* KVM and QEMU's own emulator have the same SMBIOS; only CPUID tells them apart. */
static bool is_emulated(const struct probe_run *p)
{
    const char *other = NULL;
    return hypervisor_of_cpuid(p->cpu, p->arena, &other) == HV_QEMU;
}

enum platform platform_of(const struct probe_run *p)
{
    struct dmi d = read_dmi(p);
    enum hypervisor hv = p->view->owner != HV_NOT_TOLD ? p->view->owner : p->view->hv;
    if (p->view->is != VIEW_GUEST)
        return PLATFORM_ANY;
    if (hv == HV_HYPER_V) {
        bool told = snap_get(p->snap, AZURE_SIZE_BLOB).st == ST_OK ||
                    snap_get(p->snap, AZURE_IMDS_BLOB).st == ST_OK ||
                    cpu_answer_yes(platform_azure_tag(p));
        return told ? PLATFORM_AZURE : PLATFORM_HYPER_V;
    }
    if (hv == HV_XEN)
        return span_find(d.firmware_version, "amazon", NULL) ||
                       span_find(p->log->dmi, ".amazon", NULL)
                   ? PLATFORM_EC2_XEN
                   : PLATFORM_XEN;
    enum platform named = by_name(&d);
    bool qemu = hv == HV_KVM || hv == HV_QEMU || hv == HV_NOT_TOLD;
    if (qemu && named != PLATFORM_ANY)
        return named;
    if (qemu && is_proxmox(p, &d))
        return PLATFORM_PROXMOX;
    return is_emulated(p) && hv == HV_QEMU ? PLATFORM_TCG : of_hypervisor[hv];
}
