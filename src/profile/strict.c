/* SPDX-License-Identifier: MIT */
/*
 * Every rule of `vbs` is required, in a VM as on a PC, even those that are recommended or for
 * information there. Nothing is excused: drivers have to be given, Secure MOR revision 2 proven.
 */
#include "profile/rows.h"

const struct profile profile_strict = {
    .name = "strict",
    .summary = "Every rule of vbs is required, in a VM too, and nothing is excused",
    .goal = "virtualization-based security without an excuse",
    .page = "This program, from both editions of Microsoft's table",
    .date = "2026-11",
    .rest = true,
    .strict = true,
};
