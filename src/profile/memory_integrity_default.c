/* SPDX-License-Identifier: MIT */
/*
 * On which PCs a clean installation of Windows 11 22H2 switches memory integrity on by itself. That
 * China and Korea were left out (2021), and that an upgrade never does it, no hardware shows.
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
