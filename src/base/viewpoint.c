/* SPDX-License-Identifier: MIT */
#include "vbscheck/viewpoint.h"

#include <stddef.h>

const char *viewpoint_name(enum viewpoint v)
{
    static const char *const names[VIEW_COUNT] = {
        [VIEW_METAL] = "metal", [VIEW_GUEST] = "guest", [VIEW_ROOT] = "root",
        [VIEW_DOM0] = "dom0",   [VIEW_WSL] = "wsl",
    };
    return (unsigned)v < VIEW_COUNT ? names[v] : NULL;
}
