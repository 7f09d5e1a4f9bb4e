/* SPDX-License-Identifier: MIT */
/* The page with its newest row: "Secure Boot must be enabled on devices leveraging VBS". */
#include "profile/rows.h"

const struct profile profile_vbs_current = {
    .name = "vbs-current",
    .summary = "The same table with its newest row: Secure Boot must be on",
    .goal = "virtualization-based security by the page of 2026",
    .page = "Microsoft, \"Virtualization-based Security (VBS)\" for OEMs, row Secure Boot",
    .date = "2026-11",
    .rest = true,
    .rows = {REQUIRED_OF_PC("boot.secure-boot")},
};
