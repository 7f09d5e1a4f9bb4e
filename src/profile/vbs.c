/* SPDX-License-Identifier: MIT */
/* The default profile: its levels are those in the rules' own tables. */
#include "profile/rows.h"

const struct profile profile_vbs = {
    .name = "vbs",
    .summary = "Microsoft's hardware table for virtualization-based security",
    .goal = "virtualization-based security",
    .page = "Microsoft, \"Virtualization-based Security (VBS)\" for OEMs, both editions",
    .date = "2017-10-05 and 2026-11",
    .rest = true,
};
