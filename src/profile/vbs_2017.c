/* SPDX-License-Identifier: MIT */
/*
 * The page as of 2017: the TPM without "recommended", and version 8.2 for Arm processors (which
 * cpu.virtualization requires in every profile). Secure Boot is not in it.
 */
#include "profile/rows.h"

const struct profile profile_vbs_2017 = {
    .name = "vbs-2017",
    .summary = "The same table as of 2017: a TPM 2.0 is required",
    .goal = "virtualization-based security by the page of 2017",
    .page = "Microsoft, \"Virtualization-based Security (VBS)\" for OEMs",
    .date = "2017-10-05",
    .rest = true,
    .rows = {REQUIRED_OF_PC("tpm.version"), INFO("boot.secure-boot")},
};
