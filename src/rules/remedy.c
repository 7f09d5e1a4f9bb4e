/* SPDX-License-Identifier: MIT */
/* What makes an unknown decidable: by where it should have come from, and why it did not. */
#include <string.h>

#include "rules/rule.h"
#include "vbscheck/count.h"

/* The first row whose prefix and status fit; an empty prefix fits every blob. */
static const struct {
    const char *prefix;
    enum status st;
    const char *remedy;
} remedies[] = {
    {"msr", ST_NO_DRIVER, "Load the msr module (modprobe msr) and look again."},
    {"kernel", ST_NO_DRIVER, "Look again with a kernel that is built with KVM."},
    {"kernel", ST_NOT_COLLECTED, "Look again with the kernel's configuration in /boot."},
    {"efi/platform", ST_NO_DRIVER, "Boot without the option noefi and look again."},
    {"efivar/", ST_NO_DRIVER,
     "Mount the EFI variables (mount -t efivarfs efivarfs /sys/firmware/efi/efivars)."},
    {"sys/tpm", ST_NO_DRIVER,
     "Load the TPM's driver (tpm_crb, tpm_tis; not every kernel has them), or look whether setup "
     "switches the TPM off."},
    {"acpi/TPM2", ST_NO_DRIVER,
     "Load the TPM's driver (tpm_crb, tpm_tis; not every kernel has them), or look whether setup "
     "switches the TPM off."},
    {"acpi/IORT", ST_NOT_COLLECTED,
     "Give the machine's tables or a capture of it. Booted with a device tree it shows none: boot "
     "it with ACPI (acpi=force)."},
    {"efivar/MemoryOverwriteRequestControlLock", ST_UNPROVABLE,
     "Only a test that writes tells revision 1 from 2: vbscheck mor-test, which asks first."},
    {"cpuid", ST_CONFLICT, "Look at the machine itself: the evidence contradicts itself."},
    {"efi/memattr", ST_NOT_COLLECTED,
     "Scan the machine as root, or give a capture of it, or the log of a boot with efi=debug."},
    {"efi/memattr", ST_LOCKDOWN,
     "Boot once with efi=debug: the kernel then prints the table whatever the lockdown mode."},
    {"efi/memattr", ST_NO_DRIVER,
     "Boot once with efi=debug: the kernel then prints the table, which it shows no other way."},
    {"efi/runtime-map", ST_NO_DRIVER,
     "Boot once with efi=debug: this kernel shows no EFI memory map otherwise."},
    {"efi/runtime-map", ST_NOT_COLLECTED,
     "Scan the machine as root, or give a capture of it, or the log of a boot with efi=debug."},
    {"pci", ST_NOT_COLLECTED, "Give the text of lspci -vvnnxxx too, or a capture of the machine."},
    {"pci", ST_TRUNCATED, "Give all of the list of PCI functions: take it again, to its end."},
    {"pci", ST_CONFLICT, "Look at the findings: they name what tables and kernel see differently."},
    {"sys/iommu", ST_NO_DRIVER,
     "Look again with a kernel that drives the IOMMU, without "
     "intel_iommu=off."},
    {"sys/iommu", ST_NOT_COLLECTED,
     "Give the text of dmesg from the start of the boot, or a capture of the machine."},
    {"efi/kernel-log", ST_NOT_COLLECTED,
     "Give the text of dmesg too, or a capture of the machine."},
    {"", ST_NO_PERMISSION, "Run as root."},
    {"", ST_LOCKDOWN, "Boot without lockdown, or with efi=debug for the memory map."},
    {"", ST_NO_DRIVER, "Load the kernel module or mount the file system, and look again."},
    {"", ST_NOT_UEFI, "Boot in UEFI mode and look again."},
    {"", ST_NOT_COLLECTED, "Give more evidence: a scan of the machine or a capture of it."},
    {"", ST_TRUNCATED, "Look again soon after a boot, while the kernel's log is whole."},
    {"", ST_MALFORMED, "Ask the vendor for a firmware update; if it is a copy, take it again."},
    {"", ST_UNSUPPORTED, "A newer version of this program may be able to judge it."},
    {"", ST_CONFLICT, "Look at the notes: they name the sources that disagree."},
    {"", ST_UNPROVABLE, "Nothing that can be seen from here decides it."},
    {"", ST_IO_ERROR, "Look again; if it fails again, look into the kernel's log."},
};

const char *rule_remedy_for(const char *blob, enum status reason)
{
    if (blob == NULL)
        return "This version does not look at it yet.";
    for (size_t i = 0; i < COUNT(remedies); i++) {
        if (remedies[i].st == reason &&
            strncmp(blob, remedies[i].prefix, strlen(remedies[i].prefix)) == 0)
            return remedies[i].remedy;
    }
    return "";
}
