/* SPDX-License-Identifier: MIT */
#include "vbscheck/machine.h"

const char *maker_name(enum maker m)
{
    static const char *const names[MAKER_COUNT] = {
        [MAKER_ANY] = "",
        [MAKER_DELL] = "Dell",
        [MAKER_HP] = "HP",
        [MAKER_LENOVO] = "Lenovo",
        [MAKER_ASUS] = "ASUS",
        [MAKER_MSI] = "MSI",
        [MAKER_GIGABYTE] = "Gigabyte",
        [MAKER_ASROCK] = "ASRock",
        [MAKER_ACER] = "Acer",
        [MAKER_FRAMEWORK] = "Framework",
        [MAKER_SURFACE] = "Surface",
        [MAKER_SUPERMICRO] = "Supermicro",
        [MAKER_DASHARO] = "Dasharo",
        [MAKER_COREBOOT] = "coreboot",
        [MAKER_CHROMEBOOK] = "Chromebook",
        [MAKER_APPLE] = "Mac",
    };
    return names[m];
}

const char *platform_name(enum platform p)
{
    static const char *const names[PLATFORM_COUNT] = {
        [PLATFORM_ANY] = "",
        [PLATFORM_HYPER_V] = "Hyper-V",
        [PLATFORM_AZURE] = "Azure",
        [PLATFORM_KVM] = "QEMU/KVM",
        [PLATFORM_PROXMOX] = "Proxmox VE",
        [PLATFORM_TCG] = "QEMU without KVM",
        [PLATFORM_OVIRT] = "oVirt",
        [PLATFORM_OPENSTACK] = "OpenStack",
        [PLATFORM_NUTANIX] = "Nutanix AHV",
        [PLATFORM_KUBEVIRT] = "KubeVirt",
        [PLATFORM_NITRO] = "AWS Nitro",
        [PLATFORM_EC2_XEN] = "AWS (Xen)",
        [PLATFORM_GOOGLE] = "Google Cloud",
        [PLATFORM_VMWARE] = "VMware",
        [PLATFORM_VIRTUALBOX] = "VirtualBox",
        [PLATFORM_PARALLELS] = "Parallels",
        [PLATFORM_XEN] = "Xen",
        [PLATFORM_BHYVE] = "bhyve",
        [PLATFORM_APPLE] = "Apple Virtualization",
    };
    return names[p];
}
