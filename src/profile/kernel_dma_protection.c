/* SPDX-License-Identifier: MIT */
/*
 * Windows switches it on by itself if the firmware's flag is set, whether or not VBS runs. Linux
 * cannot see what firmware does behind the flag before it hands over (bus mastering off, no DMA
 * outside RMRR and IVMD), nor PCIe's native control (_OSC). A VM's devices belong to its host.
 */
#include "profile/rows.h"

const struct profile profile_kernel_dma_protection = {
    .name = "kernel-dma-protection",
    .summary = "Machines on which Windows switches Kernel DMA Protection on by itself",
    .goal = "Kernel DMA Protection",
    .page = "Microsoft, \"Kernel DMA Protection\" for OEMs (oem-kernel-dma-protection)",
    .date = "as read in 2026-11",
    .rows =
        {
            REQUIRED("cpu.64bit"),
            REQUIRED("cpu.virtualization"),
            REQUIRED("iommu.present"),
            REQUIRED("iommu.translation"),
            REQUIRED("iommu.coverage"),
            REQUIRED("iommu.dma-opt-in"),
            REQUIRED("iommu.dma-arm"),
            REQUIRED("tpm.version"),
            REQUIRED("uefi.boot"),
            REQUIRED("vm.metal"),
        },
};
