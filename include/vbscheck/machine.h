/* SPDX-License-Identifier: MIT */
/* Makers of machines and platforms of virtual machines: a remedy names their setup. */
#ifndef VBSCHECK_MACHINE_H
#define VBSCHECK_MACHINE_H

/* Maker of the firmware setup. MAKER_ANY: no name in the table fits, or two do. */
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

/* Platform that runs the virtual machine. PLATFORM_ANY: unknown, or not in the table. */
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
