/* SPDX-License-Identifier: MIT */
/* All wishes for files of a Windows. A further file is a row here. */
#include "io/windows/source.h"

#include "vbscheck/count.h"

#define SYSTEM32 "Windows/System32/"
#define CATALOGS SYSTEM32 "CatRoot/{F750E6C3-38EE-11D1-85E5-00C04FC295EE}"

enum {
    HIVE_MAX = 40 << 20,
    LOG_MAX = 32 << 20,
    POLICY_MAX = 8 << 20,
    IMAGE_MAX = 256 << 20, /* the largest real driver has about 100 MB */
    CATALOG_MAX = 4 << 20,
    SLEEP_HEAD = 4096,
    DEEP = 8,
};

const struct windows_wish windows_wishes[] = {
    {WINDOWS_HIVE, SYSTEM32 "config/SYSTEM", NULL, 0, HIVE_MAX, false},
    {WINDOWS_HIVE_LOG, SYSTEM32 "config/SYSTEM.LOG1", NULL, 0, 0, false},
    {WINDOWS_HIVE_LOG, SYSTEM32 "config/SYSTEM.LOG2", NULL, 0, 0, false},
    {WINDOWS_SLEEP, "hiberfil.sys", NULL, 0, SLEEP_HEAD, true},
    {WINDOWS_BLOCK_LIST, SYSTEM32 "CodeIntegrity/driversipolicy.p7b", NULL, 0, POLICY_MAX, false},
    {WINDOWS_POLICY, SYSTEM32 "CodeIntegrity/SiPolicy.p7b", NULL, 0, POLICY_MAX, false},
    {WINDOWS_POLICY, SYSTEM32 "CodeIntegrity/CiPolicies/Active", ".cip", 0, POLICY_MAX, false},
    {WINDOWS_EVENTS, SYSTEM32 "winevt/Logs/Microsoft-Windows-CodeIntegrity%4Operational.evtx", NULL,
     0, LOG_MAX, false},
    {WINDOWS_DRIVER, SYSTEM32 "drivers", ".sys", DEEP, IMAGE_MAX, false},
    {WINDOWS_DRIVER, "Windows/System32", ".sys", 0, IMAGE_MAX, false},
    {WINDOWS_STAGED, SYSTEM32 "DriverStore/FileRepository", ".sys", DEEP, IMAGE_MAX, false},
};

const size_t n_windows_wishes = COUNT(windows_wishes);

const struct windows_wish windows_catalogs = {WINDOWS_CATALOG, CATALOGS, ".cat", 0,
                                              CATALOG_MAX,     false};

const char *windows_state_text(enum windows_state s)
{
    static const char *const texts[] = {
        [WINDOWS_WHOLE] = "was read",
        [WINDOWS_ABSENT] = "is not there",
        [WINDOWS_UNREADABLE] = "could not be read from the disk",
        [WINDOWS_COMPRESSED] = ("is compressed by Windows: run \"compact /compactos:never\" in "
                                "Windows, or give the driver pack"),
        [WINDOWS_ENCRYPTED] = "is encrypted by Windows: give the driver pack",
        [WINDOWS_TOO_LARGE] = "is too large",
    };
    return texts[s];
}

struct windows_wish windows_named(const char *path)
{
    return (struct windows_wish){WINDOWS_NAMED, path, NULL, 0, IMAGE_MAX, false};
}
