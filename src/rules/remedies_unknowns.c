/* SPDX-License-Identifier: MIT */
/* Remedies for unknowns: the evidence that would decide them. The first row that fits is used. */
#include "rules/remedies.h"
#include "vbscheck/count.h"

#define MEMORY_CUT                                                                                 \
    "The kernel was booted with mem=, uses only part of the memory and does not see the table: "   \
    "boot without that option, and look again."
#define NO_SUCH_VARIABLE                                                                           \
    "This firmware has no such variable (UEFI before 2.3.1), or the copy lacks it: look in its "   \
    "setup, if it has one."
#define TPM_DRIVER                                                                                 \
    "Load the TPM's driver (tpm_crb, tpm_tis; not every kernel has them), or look whether the "    \
    "firmware switches the TPM off."
#define LOG_BEGINNING                                                                              \
    "The log has lost its first lines, as dmesg does when its buffer is full: give what "          \
    "journalctl -k -b --no-pager prints, which has them."
#define IMDS_FAILED                                                                                \
    "The metadata service did not answer usefully: give the VM's size with --azure-size "          \
    "Standard_D4s_v5."
#define CAPTURE "Scan the machine as root, or give a capture of it."

/* A row for this blob and this reason. */
#define OF(b, r) .blob = (b), .on = V_UNKNOWN, .reason = ST_##r

const struct remedy remedies_unknowns[] = {
    /* Exceptions: the remedy of a later row cannot work here. */
    {OF("efivar/", NO_DRIVER), .when = SIT_NO_RUNTIME, .step = STEP_BOOT_RUNTIME,
     .text = "This kernel runs without EFI runtime services, so efivarfs cannot be mounted: boot "
             "it with efi=runtime (and without noefi or efi=noruntime), and look again."},
    {OF("efi/memattr", NO_DRIVER), .when = SIT_MEMORY_CUT, .step = STEP_BOOT_ALL_MEMORY,
     .text = MEMORY_CUT},
    {OF("efi/memattr", NOT_COLLECTED), .when = SIT_MEMORY_CUT, .step = STEP_BOOT_ALL_MEMORY,
     .text = MEMORY_CUT},
    {OF("efi/runtime-map", NO_DRIVER), .when = SIT_MEMORY_CUT, .step = STEP_BOOT_ALL_MEMORY,
     .text = MEMORY_CUT},
    {OF("acpi/", NOT_COLLECTED), .when = SIT_ACPI_OFF, .step = STEP_BOOT_ACPI,
     .text = "The kernel was booted with acpi=off and shows no table: boot without it, and look "
             "again."},
    {OF("acpi/", NO_DRIVER), .when = SIT_ACPI_OFF, .step = STEP_BOOT_ACPI,
     .text = "The kernel was booted with acpi=off: boot without it, and look again."},
    {OF("efi/memattr", NOT_COLLECTED), .when = SIT_SCAN, .step = STEP_BOOT_EFI_DEBUG,
     .text = "Boot once with efi=debug: only then does the kernel print the table."},
    {OF("efi/runtime-map", NOT_COLLECTED), .when = SIT_SCAN, .step = STEP_BOOT_EFI_DEBUG,
     .text = "Boot once with efi=debug: only then does this kernel show an EFI memory map."},
    {OF("pci", NOT_COLLECTED), .when = SIT_SCAN, .step = STEP_NO_CONTAINER,
     .text = "/sys/bus/pci shows no function here: scan outside any container, or from the live "
             "stick."},
    {OF("sys/iommu", NOT_COLLECTED), .when = SIT_SCAN, .step = STEP_NO_CONTAINER,
     .text = "/sys/class/iommu cannot be seen here: scan outside any container, or from the live "
             "stick."},
    {OF("efivar/SecureBoot", UNSUPPORTED), .step = STEP_NONE, .text = NO_SUCH_VARIABLE},
    {OF("efivar/SetupMode", UNSUPPORTED), .step = STEP_NONE, .text = NO_SUCH_VARIABLE},
    {OF("windows", NOT_COLLECTED), .step = STEP_NONE,
     .text = "Give the Windows on the disk: mount its partition and name the folder with "
             "--windows PATH. If it has no such log, the rule stays unknown."},
    {OF("windows", NO_DRIVER), .step = STEP_GIVE_DRIVERS,
     .text = "Install the library that the note names, and look again."},
    {OF("windows", MALFORMED), .step = STEP_DRIVERS_ON_WINDOWS,
     .text = "Start this Windows once, let it check its disk (chkdsk /f), shut it down completely "
             "and look again."},
    {OF("windows", UNSUPPORTED), .step = STEP_DRIVERS_ON_WINDOWS,
     .text = "Do what the note says, and look again."},
    {OF("windows", TRUNCATED), .step = STEP_WINDOWS_NOTES,
     .text = "See the notes on this Windows: they say what is missing. Do what they say, shut "
             "Windows down in full (shutdown /s /t 0) and look again."},
    {.rule = "drivers.blocklist",
     OF("drivers", NOT_COLLECTED),
     .step = STEP_GIVE_BLOCKLIST,
     .text = "Give driver files, and a block policy with --blocklist."},
    {.rule = "vm.series",
     OF("dmi", NOT_COLLECTED),
     .step = STEP_NONE,
     .text = "If the VM is in Azure, give its size: --azure-size Standard_D4s_v5, or on the VM "
             "itself --azure-imds."},
    {.rule = "vm.series",
     OF("azure-imds", NOT_COLLECTED),
     .step = STEP_AZURE_SIZE,
     .text = "Give the VM's size: --azure-size Standard_D4s_v5, or on the VM itself --azure-imds."},
    {.rule = "vm.series",
     OF("azure-", UNSUPPORTED),
     .step = STEP_NONE,
     .text = "Microsoft's table does not list this series: look on Microsoft's page of the series "
             "whether it has nested virtualization."},
    {.rule = "vm.series",
     OF("azure-", CONFLICT),
     .step = STEP_NOTES,
     .text = "Look at the notes: they quote both of Microsoft's pages."},
    {.rule = "vm.series", OF("azure-imds", IO_ERROR), .step = STEP_AZURE_SIZE, .text = IMDS_FAILED},
    {.rule = "vm.series",
     OF("azure-imds", TRUNCATED),
     .step = STEP_AZURE_SIZE,
     .text = IMDS_FAILED},
    {.rule = "vm.series",
     OF("azure-imds", MALFORMED),
     .step = STEP_AZURE_SIZE,
     .text = IMDS_FAILED},
    {OF("drivers", NOT_COLLECTED), .step = STEP_GIVE_DRIVERS,
     .text =
         "Check the Windows that will run on the machine: name its disk with --windows PATH, or "
         "its driver files with --drivers PATH or the verb drivers."},
    {OF("drivers", MALFORMED), .step = STEP_COPY_AGAIN,
     .text = "Copy the files named again, or get them from their vendors."},
    {.rule = "drivers.blocklist",
     OF("drivers", UNSUPPORTED),
     .step = STEP_GIVE_CATALOGS,
     .text = "Give the drivers' catalogs (.cat), too; if the rule stays unknown, Windows' "
             "CodeIntegrity event log decides."},
    {OF("drivers", UNSUPPORTED), .step = STEP_DRIVERS_ON_WINDOWS,
     .text = "Look at the files named on Windows: Driver Verifier's code integrity checks and the "
             "CodeIntegrity event log decide."},
    {.rule = "cpu.virtualization",
     OF("cpuinfo", UNSUPPORTED),
     .step = STEP_NEWER_VERSION,
     .text =
         "This version does not know the core: look up whether it implements Armv8.2 or later."},
    {OF("", NO_PERMISSION), .when = SIT_ROOT, .step = STEP_NO_CONTAINER,
     .text = "Root lacks a capability here, as in a container: scan outside the container, or "
             "give it CAP_SYS_ADMIN, CAP_SYS_RAWIO and CAP_SYSLOG."},
    {OF("", NOT_COLLECTED), .when = SIT_SCAN, .step = STEP_NO_CONTAINER,
     .text = "This system does not show it: scan outside any container, or from the live stick."},
    {OF("", MALFORMED), .when = SIT_SCAN | SIT_GUEST, .step = STEP_VM_FIRMWARE,
     .text = "Newer virtual firmware (OVMF) may do better; this says nothing about the host."},
    {OF("", MALFORMED), .when = SIT_SCAN, .step = STEP_FIRMWARE,
     .text = "Ask the vendor for a firmware update."},
    {OF("", HIDDEN), .step = STEP_BOOT_BARE,
     .text = "Boot the machine without the hypervisor, from the live stick, and look again."},

    /* Evidence missing from loose files. */
    {OF("acpi/IORT", NOT_COLLECTED), .unless = SIT_HAS_TABLES, .step = STEP_ACPIDUMP,
     .text = "Give the machine's tables or a capture of it. If it was booted with a device tree "
             "it shows no tables: boot it with ACPI (acpi=force)."},
    {OF("acpi/", NOT_COLLECTED), .unless = SIT_HAS_TABLES, .step = STEP_ACPIDUMP,
     .text = "Give the text of acpidump, or a capture of the machine."},
    {.rule = "tpm.",
     OF("", NOT_COLLECTED),
     .unless = SIT_HAS_LOG,
     .step = STEP_LOG,
     .text = "Give the text of dmesg too, or a capture of the machine."},
    {OF("cpuid", NOT_COLLECTED), .unless = SIT_HAS_CPU, .step = STEP_CPUINFO,
     .text = "Give a copy of /proc/cpuinfo, or a capture of the machine."},
    {OF("cpuinfo", NOT_COLLECTED), .unless = SIT_HAS_CPUINFO, .step = STEP_CPUINFO,
     .text = "Give a copy of /proc/cpuinfo, or a capture of the machine."},
    {OF("msr", NOT_COLLECTED), .unless = SIT_HAS_CPUINFO, .step = STEP_CPUINFO,
     .text = "Give a copy of /proc/cpuinfo, or a capture of the machine."},
    {OF("cpuid", NOT_COLLECTED), .step = STEP_CPUID,
     .text = "Give raw CPUID data (cpuid -r), or a capture of the machine."},
    {.rule = "uefi.mat-",
     OF("efi/", NOT_COLLECTED),
     .step = STEP_LOG_EFI_DEBUG,
     .text = "Scan the machine as root, or give a capture of it, or the log of a boot with "
             "efi=debug."},
    {.rule = "uefi.page",
     OF("efi/", NOT_COLLECTED),
     .step = STEP_LOG_EFI_DEBUG,
     .text = "Scan the machine as root, or give a capture of it, or the log of a boot with "
             "efi=debug."},
    {.rule = "uefi.",
     OF("efi/", NOT_COLLECTED),
     .when = SIT_LOG_CUT,
     .step = STEP_LOG_BEGINNING,
     .text = LOG_BEGINNING},
    {OF("efi/", NOT_COLLECTED), .unless = SIT_HAS_LOG, .step = STEP_LOG,
     .text = "Give the text of dmesg too, or a capture of the machine."},
    {OF("efi/memattr", NOT_COLLECTED), .step = STEP_LOG_EFI_DEBUG,
     .text = "Scan the machine as root, or give a capture of it, or the log of a boot with "
             "efi=debug."},
    {OF("efivar/", NOT_COLLECTED), .step = STEP_EFI_VARIABLES,
     .text = "Give a copy of /sys/firmware/efi/efivars, or a capture of the machine."},
    {OF("pci", NOT_COLLECTED), .unless = SIT_HAS_PCI, .step = STEP_LSPCI,
     .text = "Give the text of lspci -vvnnxxx too, or a capture of the machine."},
    {OF("sys/iommu", NOT_COLLECTED), .unless = SIT_HAS_LOG, .step = STEP_LOG,
     .text = "Give the text of dmesg from the start of the boot, or a capture of the machine."},
    {OF("kernel", NOT_COLLECTED), .when = SIT_SCAN, .step = STEP_KERNEL_CONFIG,
     .text = "Look again with the kernel's configuration in /boot."},
    {OF("kernel", NOT_COLLECTED), .unless = SIT_HAS_LOG, .step = STEP_LOG,
     .text = "Give the text of dmesg too, or a capture of the machine."},
    {OF("", NOT_COLLECTED), .step = STEP_CAPTURE, .text = CAPTURE},

    /* The rest, by the blob that should have held the evidence. */
    {OF("msr", NO_DRIVER), .step = STEP_MODULE_MSR,
     .text = "Load the msr module (modprobe msr) and look again."},
    {OF("kernel", NO_DRIVER), .step = STEP_BOOT_KVM,
     .text = "Boot a kernel that is built with KVM, and look again."},
    {OF("efi/platform", NO_DRIVER), .step = STEP_BOOT_EFI,
     .text = "Boot without the option noefi and look again."},
    {OF("efivar/", NO_DRIVER), .step = STEP_MOUNT_EFIVARFS,
     .text = "Mount the EFI variables (mount -t efivarfs efivarfs /sys/firmware/efi/efivars)."},
    {OF("sys/tpm", NO_DRIVER), .step = STEP_MODULE_TPM, .text = TPM_DRIVER},
    {OF("acpi/TPM2", NO_DRIVER), .step = STEP_MODULE_TPM, .text = TPM_DRIVER},
    {OF("efivar/MemoryOverwriteRequestControlLock", UNPROVABLE), .step = STEP_MOR_TEST,
     .text = "Only a test that writes to the lock can prove revision 2: vbscheck mor-test. It asks "
             "first."},
    {OF("cpuid", CONFLICT), .step = STEP_CAPTURE,
     .text = "The evidence contradicts itself: scan the machine itself."},
    {OF("efi/memattr", LOCKDOWN), .step = STEP_BOOT_EFI_DEBUG,
     .text = "Boot once with efi=debug: the kernel then prints the table in any lockdown mode."},
    {OF("efi/memattr", NO_DRIVER), .step = STEP_BOOT_EFI_DEBUG,
     .text = "Boot once with efi=debug: only then does the kernel print the table."},
    {OF("efi/runtime-map", NO_DRIVER), .step = STEP_BOOT_EFI_DEBUG,
     .text = "Boot once with efi=debug: only then does this kernel show an EFI memory map."},
    {OF("pci", TRUNCATED), .step = STEP_LSPCI_WHOLE,
     .text =
         "The list of PCI functions is cut: run lspci -vvnnxxx again and give all of its output."},
    {OF("pci", CONFLICT), .step = STEP_NOTES,
     .text = "Look at the findings: they name the differences between the tables and the kernel."},
    {OF("sys/iommu", NO_DRIVER), .when = SIT_INTEL, .step = STEP_BOOT_INTEL_IOMMU,
     .text = "Boot a kernel that drives the IOMMU, without intel_iommu=off, and look again."},
    {OF("sys/iommu", NO_DRIVER), .when = SIT_AMD, .step = STEP_BOOT_AMD_IOMMU,
     .text = "Boot a kernel that drives the IOMMU, without amd_iommu=off, and look again."},
    {OF("sys/iommu", NO_DRIVER), .step = STEP_BOOT_IOMMU,
     .text = "Boot a kernel that drives the IOMMU, and look again."},
    {OF("", NO_PERMISSION), .step = STEP_ROOT, .text = "Run as root."},
    {OF("", LOCKDOWN), .step = STEP_BOOT_NO_LOCKDOWN,
     .text = "Boot without lockdown, or with efi=debug for the memory map."},
    {OF("", NO_DRIVER), .step = STEP_MODULE,
     .text = "Load the kernel module or mount the file system, and look again."},
    {OF("", NOT_UEFI), .when = SIT_GUEST, .step = STEP_VM_UEFI,
     .text = "Give the VM UEFI firmware and look again."},
    {OF("", NOT_UEFI), .step = STEP_BOOT_UEFI, .text = "Boot in UEFI mode and look again."},
    {OF("", TRUNCATED), .step = STEP_LOG_WHOLE,
     .text = "Look again soon after a boot, while the kernel's log is whole."},
    {OF("", MALFORMED), .step = STEP_COPY_AGAIN, .text = "The copy may be damaged: make it again."},
    {OF("", UNSUPPORTED), .step = STEP_NEWER_VERSION,
     .text = "A newer version of this program may be able to judge it."},
    {OF("", CONFLICT), .step = STEP_NOTES,
     .text = "Look at the notes: they name the sources that disagree."},
    {OF("", UNPROVABLE), .step = STEP_NONE, .text = "Linux sees nothing here that decides it."},
    {OF("", IO_ERROR), .step = STEP_LOOK_AGAIN,
     .text = "Look again; if it fails again, read the kernel's log."},
};

const size_t n_remedies_unknowns = COUNT(remedies_unknowns);
