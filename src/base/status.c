/* SPDX-License-Identifier: MIT */
#include "vbscheck/status.h"

#include <string.h>

static const struct {
    const char *name;
    const char *meaning;
} words[ST_COUNT] = {
    [ST_NOT_COLLECTED] = {"not-collected", "is not in the evidence"},
    [ST_OK] = {"ok", "is known"},
    [ST_ABSENT] = {"absent", "is not there"},
    [ST_NO_PERMISSION] = {"no-permission", "needs root or a capability"},
    [ST_LOCKDOWN] = {"lockdown", "is forbidden by the kernel's lockdown mode"},
    [ST_NO_DRIVER] = {"no-driver", "needs a kernel module or file system that is missing"},
    [ST_NOT_UEFI] = {"not-uefi", "cannot be seen because the machine was not booted through UEFI"},
    [ST_TRUNCATED] = {"truncated", "could only be read in part"},
    [ST_MALFORMED] = {"malformed", "contradicts its own specification"},
    [ST_UNSUPPORTED] = {"unsupported", "is not supported by this program"},
    [ST_CONFLICT] = {"conflict", "is reported differently by two sources"},
    [ST_UNPROVABLE] = {"unprovable", "cannot be proven by observation alone"},
    [ST_HIDDEN] = {"hidden", "is hidden by the hypervisor that this system runs on"},
    [ST_IO_ERROR] = {"io-error", "could not be read: the read failed"},
};

const char *status_name(enum status st)
{
    return (unsigned)st < ST_COUNT ? words[st].name : "?";
}

const char *status_meaning(enum status st)
{
    return (unsigned)st < ST_COUNT ? words[st].meaning : "?";
}

bool status_from_name(const char *name, enum status *out)
{
    for (unsigned i = 0; i < ST_COUNT; i++) {
        if (strcmp(words[i].name, name) == 0) {
            *out = (enum status)i;
            return true;
        }
    }
    return false;
}
