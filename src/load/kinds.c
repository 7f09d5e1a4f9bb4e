/* SPDX-License-Identifier: MIT */
#include "load/kinds.h"

#include "vbscheck/count.h"

#define TABLES    "iommu.present iommu.coverage iommu.dma-opt-in smm.wsmt tpm.version"
#define MAP       "uefi.mat uefi.mat-layout uefi.page-protection uefi.mat-coverage"
#define CPU       "cpu.64bit cpu.virtualization cpu.slat vm.nested"
#define VARIABLES "boot.secure-boot mor.control mor.lock mor.lock-v2"
#define TPM       "tpm.version tpm.sha256-bank"
#define LOG                                                                                        \
    "cpu.64bit cpu.virtualization cpu.slat vm.nested iommu.present iommu.coverage "                \
    "iommu.dma-opt-in iommu.translation smm.wsmt tpm.version uefi.boot " MAP " boot.secure-boot"
#define ALL                                                                                        \
    CPU " cpu.mbec " TABLES " iommu.translation uefi.boot " MAP " " VARIABLES " tpm.sha256-bank"

const struct evidence_kind evidence_kinds[] = {
    {"capture", "sudo vbscheck capture --output capture.tar.gz", ALL},
    {"collector", "sudo sh contrib/collect.sh FOLDER", ALL},
    {"acpidump", "sudo acpidump > acpidump.txt", TABLES},
    {"acpi-table", "sudo cp /sys/firmware/acpi/tables/WSMT .", TABLES},
    {"table-dump", "sudo hexdump -C /sys/firmware/acpi/tables/WSMT > wsmt.txt (xxd, od, iasl -d)",
     TABLES},
    {"table-base64", "sudo base64 /sys/firmware/acpi/tables/WSMT > wsmt.txt (xxd -p)", TABLES},
    {"memattr", "a Memory Attributes Table, as the firmware has it in memory", MAP},
    {"kernel-log", "sudo dmesg > dmesg.txt (journalctl -k -b)", LOG},
    {"cpuid", "cpuid -r > cpuid.txt (AIDA64, libcpuid, CPU-Z)", "cpu.mbec " CPU},
    {"cpuid-arm", "cpuid_tool --save=cpuid.txt (libcpuid on Arm)",
     "cpu.64bit cpu.virtualization cpu.slat"},
    {"cpuinfo", "cat /proc/cpuinfo > cpuinfo.txt", "cpu.mbec " CPU},
    {"lscpu", "lscpu > lscpu.txt (lscpu -J)", CPU},
    {"msr",
     "sudo modprobe msr; (echo rdmsr -a 0x3a; sudo rdmsr -a 0x3a) > msr.txt "
     "(inteltool -M, turbostat, AIDA64)",
     "cpu.mbec cpu.virtualization cpu.slat"},
    {"lspci", "sudo lspci -vvnn > lspci.txt (-vmm, -mm, -n, -xxx)",
     "iommu.coverage iommu.translation"},
    {"dmidecode", "sudo dmidecode > dmi.txt (-q)", "cpu.64bit memory.size"},
    {"dmi-id", "grep -s . /sys/class/dmi/id/*_v* /sys/class/dmi/id/*_name > dmi.txt", ""},
    {"efi-variable",
     "cp /sys/firmware/efi/efivars/SecureBoot-* /sys/firmware/efi/efivars/Memory* .", VARIABLES},
    {"variable-dump", "hexdump -C of such a file, below a line with its name", VARIABLES},
    {"efivar", "efivar -p -n 8be4df61-93ca-11d2-aa0d-00e098032b8c-SecureBoot", VARIABLES},
    {"tpm2-tools", "sudo tpm2_getcap properties-fixed; sudo tpm2_getcap pcrs (tpm2_pcrread)", TPM},
    {"mokutil", "mokutil --sb-state", "boot.secure-boot"},
    {"meminfo", "cat /proc/meminfo > meminfo.txt", "memory.size"},
    {"lsblk", "lsblk -o NAME,TYPE,ROTA,RM,SIZE,TRAN > lsblk.txt", "storage.ssd storage.size"},
    {"windows",
     "msinfo32 /report msinfo32.txt (systeminfo; Win32_DeviceGuard, Get-ComputerInfo of "
     "PowerShell)",
     "cpu.64bit cpu.virtualization cpu.slat vm.nested"},
    {"fwupdmgr", "fwupdmgr security --json", "boot.secure-boot tpm.version"},
    {"sosreport", "sudo sos report --batch", LOG},
    {"hw-probe", "sudo hw-probe -all -save .", LOG},
    {"supportconfig", "sudo supportconfig", LOG},
};

const size_t n_evidence_kinds = COUNT(evidence_kinds);
