/* SPDX-License-Identifier: MIT */
/* The hypervisor that each kind of evidence names: the only place that compares their names. */
#ifndef PROBE_VIEWPOINT_HYPERVISOR_H
#define PROBE_VIEWPOINT_HYPERVISOR_H

#include "probe/cpu/cpu_evidence.h"

enum hypervisor {
    HV_NOT_TOLD = 0,
    HV_HYPER_V,
    HV_KVM,
    HV_QEMU,
    HV_XEN,
    HV_VMWARE,
    HV_VIRTUALBOX,
    HV_BHYVE,
    HV_PARALLELS,
    HV_ACRN,
    HV_JAILHOUSE,
    HV_APPLE,
    HV_FIRECRACKER,
    HV_CLOUD_HYPERVISOR,
    HV_CROSVM,
    HV_OTHER, /* one without a name in this program */
    HV_COUNT
};

/* For people and for host.hypervisor; "unknown" if it is not known. */
const char *hypervisor_name(enum hypervisor hv);

/* Each returns HV_NOT_TOLD if its source names none: that never means "there is none". */

/* CPUID leaf 4000_0000h, and 4000_0100h behind it; *other is the text of HV_OTHER. */
enum hypervisor hypervisor_of_cpuid(const struct cpu_evidence *e, struct arena *a,
                                    const char **other);

/* SMBIOS, from the blob `dmi` or from the line of the kernel's log; *blob is the source. */
struct smbios_word {
    enum hypervisor hv;
    bool cloud;    /* the vendor uses one name for virtual machines and bare metal */
    bool instance; /* the product is a size of EC2's: "m6g.large" */
    bool metal;    /* the product says bare metal: "m6g.metal" */
    bool hardware; /* it names a vendor that sells machines */
    const char *blob;
};
struct smbios_word hypervisor_of_smbios(const struct probe_run *p);

/* The FADT's OEM id and its field for the hypervisor's vendor. */
struct acpi_word {
    enum hypervisor hv;
    bool cloud; /* as in SMBIOS */
    bool metal; /* Qualcomm's firmware, whose own hypervisor gives Linux EL1 on laptops of metal */
};
struct acpi_word hypervisor_of_acpi(const struct probe_run *p);

/* "Hypervisor detected: " of the kernel's log. */
enum hypervisor hypervisor_of_log(const struct klog *log);

/* Would that line be in the log if the kernel had detected one? A hidden one is not detected. */
bool hypervisor_is_ruled_out(const struct klog *log);

#endif
