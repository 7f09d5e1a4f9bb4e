/* SPDX-License-Identifier: MIT */
/*
 * What DG_Readiness_Tool_v3.6.ps1 -Capable checks: critical findings are required, warnings
 * recommended. It checks neither IOMMU nor SLAT. In a VM a hypervisor is enough for it. The edition
 * of Windows, also critical, is not visible in the hardware.
 */
#include "profile/rows.h"

const struct profile profile_readiness_tool = {
    .name = "readiness-tool",
    .summary = "Items that Microsoft's readiness tool calls critical or warns about",
    .goal = "Device Guard and Credential Guard as the readiness tool sees them",
    .page = "Microsoft, Device Guard and Credential Guard hardware readiness tool, version 3.6",
    .date = "version 3.6",
    .rows =
        {
            REQUIRED("cpu.64bit"),
            REQUIRED_OF_PC("cpu.virtualization"),
            REQUIRED("uefi.boot"),
            REQUIRED("boot.secure-boot"),
            RECOMMENDED("vm.nested"),
            RECOMMENDED("tpm.version"),
            RECOMMENDED("mor.lock-v2"),
            RECOMMENDED("uefi.mat"),
            RECOMMENDED("uefi.mat-layout"),
            RECOMMENDED("uefi.page-protection"),
            RECOMMENDED("smm.wsmt"),
            RECOMMENDED("drivers.hvci"),
            RECOMMENDED("secured.hsti"),
        },
};
