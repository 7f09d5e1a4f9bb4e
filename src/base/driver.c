/* SPDX-License-Identifier: MIT */
#include "vbscheck/driver.h"

const char *driver_result_name(enum driver_result r)
{
    static const char *const names[DRIVER_RESULTS] = {
        [DRIVER_CLEAN] = "clean",         [DRIVER_NOT_JUDGED] = "not-judged",
        [DRIVER_UNDECIDED] = "undecided", [DRIVER_MALFORMED] = "malformed",
        [DRIVER_VIOLATION] = "violation",
    };
    return names[r];
}

const char *driver_group_name(enum driver_group g)
{
    static const char *const names[DRIVER_GROUPS] = {"required", "present", "staged", "given"};
    return names[g];
}

const char *driver_check_kind_name(enum driver_check_kind k)
{
    static const char *const names[CHECK_KINDS] = {"violation", "undecided", "note"};
    return names[k];
}
