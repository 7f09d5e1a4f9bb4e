/* SPDX-License-Identifier: MIT */
/*
 * The one table of remedies: by rule, by where an unknown should have come from and why it did not,
 * or by the cause of a failure; and by what can work on this machine.
 */
#include <string.h>

#include "rules/rule.h"
#include "vbscheck/count.h"

#define MEMORY_CUT                                                                                 \
    "The kernel was told to use a part of the memory only (mem=), and does not see the table: "    \
    "boot "                                                                                        \
    "without that option, and look again."

/* The first row whose prefixes, status and situation fit; an empty prefix fits every blob. */
static const struct {
    const char *rule, *blob;
    enum status st;
    unsigned when, unless; /* bits of enum situation: all of these, none of those */
    const char *text;
} remedies[] = {
    /* What would be said elsewhere, and cannot work here. */
    {"", "efivar/", ST_NO_DRIVER, SIT_NO_RUNTIME, 0,
     "This kernel runs without EFI runtime services, so that efivarfs cannot be mounted: boot it "
     "with efi=runtime (and without noefi or efi=noruntime), and look again."},
    {"", "efi/memattr", ST_NO_DRIVER, SIT_MEMORY_CUT, 0, MEMORY_CUT},
    {"", "efi/memattr", ST_NOT_COLLECTED, SIT_MEMORY_CUT, 0, MEMORY_CUT},
    {"", "efi/runtime-map", ST_NO_DRIVER, SIT_MEMORY_CUT, 0, MEMORY_CUT},
    {"", "acpi/", ST_NOT_COLLECTED, SIT_ACPI_OFF, 0,
     "The kernel was booted with acpi=off and shows no table: boot without it, and look again."},
    {"", "acpi/", ST_NO_DRIVER, SIT_ACPI_OFF, 0,
     "The kernel was booted with acpi=off: boot without it, and look again."},
    {"", "efi/memattr", ST_NOT_COLLECTED, SIT_SCAN, 0,
     "Boot once with efi=debug: the kernel then prints the table, which it shows no other way."},
    {"", "efi/runtime-map", ST_NOT_COLLECTED, SIT_SCAN, 0,
     "Boot once with efi=debug: this kernel shows no EFI memory map otherwise."},
    {"", "pci", ST_NOT_COLLECTED, SIT_SCAN, 0,
     "/sys/bus/pci shows no function here: scan outside the container, or from the live stick."},
    {"", "sys/iommu", ST_NOT_COLLECTED, SIT_SCAN, 0,
     "/sys/class/iommu cannot be seen here: scan outside the container, or from the live stick."},
    {"", "efivar/SecureBoot", ST_UNSUPPORTED, 0, 0,
     "This firmware has no such variable (UEFI before 2.3.1), or the copy lacks it: look in "
     "setup."},
    {"", "efivar/SetupMode", ST_UNSUPPORTED, 0, 0,
     "This firmware has no such variable (UEFI before 2.3.1), or the copy lacks it: look in "
     "setup."},
    {"drivers.blocklist", "drivers", ST_NOT_COLLECTED, 0, 0,
     "Give driver files, and a block policy with --blocklist."},
    {"", "drivers", ST_NOT_COLLECTED, 0, 0,
     "Give the driver files of the Windows that is to run: vbscheck drivers PATH, or --drivers."},
    {"", "drivers", ST_MALFORMED, 0, 0,
     "Copy the files named again, or get them from their vendors."},
    {"cpu.virtualization", "cpuinfo", ST_UNSUPPORTED, 0, 0,
     "The core is in no table of this version: look up whether it is one of Armv8.2 or later."},
    {"", "", ST_NO_PERMISSION, SIT_ROOT, 0,
     "Root lacks a capability here, as in a container: scan outside it, or give it CAP_SYS_ADMIN, "
     "CAP_SYS_RAWIO and CAP_SYSLOG."},
    {"", "", ST_NOT_COLLECTED, SIT_SCAN, 0,
     "This system does not show it: scan outside the container, or from the live stick."},
    {"", "", ST_MALFORMED, SIT_SCAN, 0, "Ask the vendor for a firmware update."},
    {"", "", ST_HIDDEN, 0, 0,
     "Boot the machine without the hypervisor, from the live stick, and look again."},
    /* The rest, by where it should have come from. */
    {"", "msr", ST_NO_DRIVER, 0, 0, "Load the msr module (modprobe msr) and look again."},
    {"", "kernel", ST_NO_DRIVER, 0, 0, "Look again with a kernel that is built with KVM."},
    {"", "kernel", ST_NOT_COLLECTED, 0, 0, "Look again with the kernel's configuration in /boot."},
    {"", "efi/platform", ST_NO_DRIVER, 0, 0, "Boot without the option noefi and look again."},
    {"", "efivar/", ST_NO_DRIVER, 0, 0,
     "Mount the EFI variables (mount -t efivarfs efivarfs /sys/firmware/efi/efivars)."},
    {"", "sys/tpm", ST_NO_DRIVER, 0, 0,
     "Load the TPM's driver (tpm_crb, tpm_tis; not every kernel has them), or look whether setup "
     "switches the TPM off."},
    {"", "acpi/TPM2", ST_NO_DRIVER, 0, 0,
     "Load the TPM's driver (tpm_crb, tpm_tis; not every kernel has them), or look whether setup "
     "switches the TPM off."},
    {"", "acpi/IORT", ST_NOT_COLLECTED, 0, 0,
     "Give the machine's tables or a capture of it. Booted with a device tree it shows none: boot "
     "it with ACPI (acpi=force)."},
    {"", "efivar/MemoryOverwriteRequestControlLock", ST_UNPROVABLE, 0, 0,
     "Only a test that writes tells revision 1 from 2: vbscheck mor-test, which asks first."},
    {"", "cpuid", ST_CONFLICT, 0, 0,
     "Look at the machine itself: the evidence contradicts itself."},
    {"", "efi/memattr", ST_NOT_COLLECTED, 0, 0,
     "Scan the machine as root, or give a capture of it, or the log of a boot with efi=debug."},
    {"", "efi/memattr", ST_LOCKDOWN, 0, 0,
     "Boot once with efi=debug: the kernel then prints the table whatever the lockdown mode."},
    {"", "efi/memattr", ST_NO_DRIVER, 0, 0,
     "Boot once with efi=debug: the kernel then prints the table, which it shows no other way."},
    {"", "efi/runtime-map", ST_NO_DRIVER, 0, 0,
     "Boot once with efi=debug: this kernel shows no EFI memory map otherwise."},
    {"", "efi/runtime-map", ST_NOT_COLLECTED, 0, 0,
     "Scan the machine as root, or give a capture of it, or the log of a boot with efi=debug."},
    {"", "pci", ST_NOT_COLLECTED, 0, 0,
     "Give the text of lspci -vvnnxxx too, or a capture of the machine."},
    {"", "pci", ST_TRUNCATED, 0, 0,
     "Give all of the list of PCI functions: take it again, to its end."},
    {"", "pci", ST_CONFLICT, 0, 0,
     "Look at the findings: they name what tables and kernel see differently."},
    {"", "sys/iommu", ST_NO_DRIVER, 0, 0,
     "Look again with a kernel that drives the IOMMU, without "
     "intel_iommu=off."},
    {"", "sys/iommu", ST_NOT_COLLECTED, 0, 0,
     "Give the text of dmesg from the start of the boot, or a capture of the machine."},
    {"", "efi/kernel-log", ST_NOT_COLLECTED, 0, 0,
     "Give the text of dmesg too, or a capture of the machine."},
    {"drivers.blocklist", "drivers", ST_UNSUPPORTED, 0, 0,
     "Give the drivers' catalogs (.cat), too; for what stays open, Windows' CodeIntegrity event "
     "log "
     "decides."},
    {"", "drivers", ST_UNSUPPORTED, 0, 0,
     "Look at the files named on Windows: Driver Verifier's code integrity checks and the "
     "CodeIntegrity event log decide."},
    {"", "", ST_NO_PERMISSION, 0, 0, "Run as root."},
    {"", "", ST_LOCKDOWN, 0, 0, "Boot without lockdown, or with efi=debug for the memory map."},
    {"", "", ST_NO_DRIVER, 0, 0,
     "Load the kernel module or mount the file system, and look again."},
    {"", "", ST_NOT_UEFI, 0, 0, "Boot in UEFI mode and look again."},
    {"", "", ST_NOT_COLLECTED, 0, 0,
     "Give more evidence: a scan of the machine or a capture of it."},
    {"", "", ST_TRUNCATED, 0, 0, "Look again soon after a boot, while the kernel's log is whole."},
    {"", "", ST_MALFORMED, 0, 0, "It may be a damaged copy: take it again."},
    {"", "", ST_UNSUPPORTED, 0, 0, "A newer version of this program may be able to judge it."},
    {"", "", ST_CONFLICT, 0, 0, "Look at the notes: they name the sources that disagree."},
    {"", "", ST_UNPROVABLE, 0, 0, "Nothing that can be seen from here decides it."},
    {"", "", ST_HIDDEN, 0, 0,
     "Boot the machine without the hypervisor, from the live stick, and look again."},
    {"", "", ST_IO_ERROR, 0, 0, "Look again; if it fails again, look into the kernel's log."},
};

/* The same of failures: the first row of the rule and cause whose situation fits, else the rule. */
static const struct {
    const char *rule;
    enum cause cause;
    unsigned when, unless;
    const char *text;
} repairs[] = {
    {"cpu.virtualization", CAUSE_DISABLED, SIT_INTEL, SIT_GUEST,
     "In firmware setup enable \"Intel Virtualization Technology\" (VT-x), save, and switch the "
     "machine off and on: a restart may not be enough."},
    {"cpu.virtualization", CAUSE_DISABLED, SIT_AMD, SIT_GUEST,
     "In firmware setup enable \"SVM Mode\" (AMD-V), save, and switch the machine off and on: a "
     "restart may not be enough."},
    {"cpu.slat", CAUSE_ABSENT, SIT_GUEST, 0, "Give the virtual machine nested paging."},
    {"cpu.slat", CAUSE_ABSENT, 0, SIT_GUEST,
     "No setting helps: this processor cannot run Windows' hypervisor."},
    {"iommu.present", CAUSE_UNKNOWN, SIT_INTEL, SIT_GUEST,
     "In firmware setup enable \"VT-d\"; firmware hides the table while it is off."},
    {"iommu.present", CAUSE_UNKNOWN, SIT_AMD, SIT_GUEST,
     "In firmware setup enable \"IOMMU\" (AMD-Vi); firmware hides the table while it is off."},
    {"iommu.coverage", CAUSE_FIRMWARE_BUG, SIT_GUEST, 0,
     "The virtual IOMMU leaves out the devices named: whoever runs the hypervisor has to put them "
     "behind it."},
    {"tpm.version", CAUSE_UNKNOWN, SIT_INTEL, SIT_GUEST,
     "In firmware setup enable \"Security Device Support\" or \"PTT\"."},
    {"tpm.version", CAUSE_UNKNOWN, SIT_AMD, SIT_GUEST,
     "In firmware setup enable \"Security Device Support\" or \"fTPM\"."},
    {"boot.secure-boot", CAUSE_DISABLED, SIT_GUEST, 0,
     "Enable Secure Boot in the settings of the virtual machine before Windows is installed."},
    {"boot.secure-boot", CAUSE_DISABLED, SIT_SCAN, SIT_GUEST,
     "Enable Secure Boot in firmware setup before Windows is installed; it may be off for the sake "
     "of this live system only."},
    {"smm.wsmt", CAUSE_FIRMWARE_BUG, SIT_GUEST, 0,
     "A virtual machine's firmware cannot promise more than its hypervisor gives; the host's own "
     "table is what counts."},
};

static bool fits(const struct facts *f, unsigned when, unsigned unless)
{
    return (f->situation & when) == when && (f->situation & unless) == 0;
}

static bool starts(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

const char *remedy_for_unknown(const struct facts *f, const struct rule *r, const char *blob,
                               enum status reason)
{
    if (blob == NULL)
        return "This version does not look at it yet.";
    for (size_t i = 0; i < COUNT(remedies); i++) {
        if (remedies[i].st == reason && starts(blob, remedies[i].blob) &&
            starts(r->id, remedies[i].rule) && fits(f, remedies[i].when, remedies[i].unless))
            return remedies[i].text;
    }
    return "";
}

const char *remedy_for_failure(const struct facts *f, const struct rule *r,
                               const struct clause *broken)
{
    if (broken->fix != NULL) /* the clause says more than the rule and its cause */
        return broken->fix;
    for (size_t i = 0; i < COUNT(repairs); i++) {
        if (strcmp(r->id, repairs[i].rule) == 0 && repairs[i].cause == broken->cause &&
            fits(f, repairs[i].when, repairs[i].unless))
            return repairs[i].text;
    }
    return r->fix;
}
