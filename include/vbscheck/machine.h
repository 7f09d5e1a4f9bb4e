/* SPDX-License-Identifier: MIT */
/* Whose setup a remedy has to name: makers of machines, and who runs a virtual one. */
#ifndef VBSCHECK_MACHINE_H
#define VBSCHECK_MACHINE_H

/* Whose firmware setup it is. MAKER_ANY: no name of the table, or the names of two. */
enum maker {
    MAKER_ANY = 0,
    MAKER_DELL,
    MAKER_HP,
    MAKER_LENOVO,
    MAKER_ASUS,
    MAKER_MSI,
    MAKER_GIGABYTE,
    MAKER_ASROCK,
    MAKER_ACER,
    MAKER_FRAMEWORK,
    MAKER_SURFACE,
    MAKER_SUPERMICRO,
    MAKER_DASHARO,
    MAKER_COREBOOT,
    MAKER_CHROMEBOOK,
    MAKER_APPLE,
    MAKER_COUNT
};

/* Who runs the virtual machine. PLATFORM_ANY: not told, or one that the table does not have. */
enum platform {
    PLATFORM_ANY = 0,
    PLATFORM_HYPER_V,
    PLATFORM_AZURE,
    PLATFORM_KVM, /* libvirt, or QEMU alone */
    PLATFORM_PROXMOX,
    PLATFORM_TCG, /* QEMU without KVM */
    PLATFORM_OVIRT,
    PLATFORM_OPENSTACK,
    PLATFORM_NUTANIX,
    PLATFORM_KUBEVIRT,
    PLATFORM_NITRO,
    PLATFORM_EC2_XEN,
    PLATFORM_GOOGLE,
    PLATFORM_VMWARE,
    PLATFORM_VIRTUALBOX,
    PLATFORM_PARALLELS,
    PLATFORM_XEN,
    PLATFORM_BHYVE,
    PLATFORM_APPLE,
    PLATFORM_COUNT
};

/* For people; "" for MAKER_ANY and PLATFORM_ANY. */
const char *maker_name(enum maker m);
const char *platform_name(enum platform p);

#endif
