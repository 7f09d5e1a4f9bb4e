/* SPDX-License-Identifier: MIT */
/*
 * The PCs on which a clean installation of Windows 11 22H2 switches memory integrity on by itself.
 * The hardware does not show two exceptions: China and Korea (2021), and upgrades.
 */
#include "profile/rows.h"

const struct profile profile_memory_integrity_default = {
    .name = "memory-integrity-default",
    .summary = "Machines on which a clean Windows 11 (22H2) switches memory integrity on by itself",
    .goal = "memory integrity by default",
    .page = "Microsoft, \"Memory integrity enablement\" for OEMs (oem-hvci-enablement)",
    .date = "2024",
    .rows =
        {
            REQUIRED("cpu.64bit"),
            REQUIRED_OF_PC("cpu.virtualization"),
            REQUIRED_OF_PC("cpu.slat"),
            INFO("cpu.mbec"),
            REQUIRED("cpu.recent"),
            REQUIRED("memory.size"),
            REQUIRED("storage.ssd"),
            REQUIRED("storage.size"),
            REQUIRED("drivers.hvci"),
            REQUIRED("vm.nested"),
        },
};
