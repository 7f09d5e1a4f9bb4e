/* SPDX-License-Identifier: MIT */
/*
 * The Secured-core PC requirements that Linux can see; the others are listed by name, and keep the
 * verdict at "undetermined" at best. The answers of AMD's security processor are recommended only:
 * kernels before 5.19 do not show them, and Intel has no counterpart.
 */
#include "profile/rows.h"

const struct profile profile_secured_core_pc = {
    .name = "secured-core-pc",
    .summary = "Requirements of a Secured-core PC that Linux can see; the rest by name",
    .goal = "a Secured-core PC",
    .page = "Microsoft, \"Highly secure Windows 11 devices\" for OEMs (oem-highly-secure-11); "
            "\"System Guard Secure Launch\"",
    .date = "as read in 2026-11",
    .rest = true,
    .rows =
        {
            REQUIRED("tpm.version"),
            REQUIRED("tpm.sha256-bank"),
            REQUIRED("boot.secure-boot"),
            REQUIRED("iommu.dma-opt-in"),
            REQUIRED("iommu.dma-arm"),
            REQUIRED("vm.metal"),
            REQUIRED("cpu.recent"),
            RECOMMENDED("cpu.mbec"),
            RECOMMENDED("amd.fused"),
            RECOMMENDED("amd.debug-lock"),
            RECOMMENDED("amd.memory-encryption"),
            RECOMMENDED("amd.anti-rollback"),
            RECOMMENDED("amd.spi-protection"),
            REQUIRED("secured.hsti"),
            REQUIRED("secured.smm-isolation"),
            REQUIRED("secured.secure-launch"),
            REQUIRED("secured.standby"),
            REQUIRED("secured.sign-in"),
        },
};
