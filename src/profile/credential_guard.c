/* SPDX-License-Identifier: MIT */
/*
 * The PCs on which Windows 11 22H2 switches Credential Guard on by itself, and the qualifications
 * for more security from its page. The hardware does not show edition, licence and domain. In a VM:
 * generation 2, which is UEFI; a guest cannot see the host's IOMMU.
 */
#include "profile/rows.h"

const struct profile profile_credential_guard = {
    .name = "credential-guard",
    .summary = "Machines on which Windows 11 (22H2) Enterprise switches Credential Guard on by "
               "itself",
    .goal = "Credential Guard by default",
    .page = "Microsoft, \"Credential Guard overview\": system requirements, default enablement",
    .date = "as read in 2026-11",
    .rows =
        {
            REQUIRED("cpu.64bit"),
            REQUIRED_OF_PC("cpu.virtualization"),
            REQUIRED_OF_PC("cpu.slat"),
            REQUIRED("uefi.boot"),
            REQUIRED("boot.secure-boot"),
            REQUIRED("vm.nested"),
            RECOMMENDED("tpm.version"),
            RECOMMENDED("iommu.present"),
            RECOMMENDED("mor.lock-v2"),
            RECOMMENDED("uefi.mat"),
            RECOMMENDED("uefi.page-protection"),
            RECOMMENDED("smm.wsmt"),
        },
};
