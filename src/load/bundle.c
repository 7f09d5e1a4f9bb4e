/* SPDX-License-Identifier: MIT */
/*
 * Archives as other tools write them: thousands of members, of which a few are evidence. Those are
 * found by the paths that these tools give them.
 */
#include <string.h>

#include "load/load.h"
#include "vbscheck/count.h"

static const char *const sos[] = {
    "/sos_commands/kernel/dmesg",
    "/sos_commands/pci/lspci",
    "/sos_commands/processor/cpuid",
    "/sos_commands/hardware/dmidecode",
    "/sys/firmware/acpi/tables/",
    "/sys/firmware/efi/efivars/",
    "/proc/cpuinfo",
    "/var/log/dmesg",
    "/sos_commands/devices/lspci",
    "/dmidecode",
};

static const char *const suse[] = {"/boot.txt", "/hardware.txt", "/basic-environment.txt"};

/* The first folder of an archive, and what is taken of what lies below it. */
static const struct {
    const char *folder;
    const char *const *wanted;
    size_t n;
} bundles[] = {
    {"sosreport-", sos, COUNT(sos)},
    {"scc_", suse, COUNT(suse)}, /* supportconfig */
    {"nts_", suse, COUNT(suse)},
};

bool bundle_leaves_out(const char *name)
{
    const char *below = strchr(name, '/');
    for (size_t i = 0; i < COUNT(bundles) && below != NULL; i++) {
        if (strncmp(name, bundles[i].folder, strlen(bundles[i].folder)) != 0)
            continue;
        for (size_t k = 0; k < bundles[i].n; k++) {
            const char *want = bundles[i].wanted[k];
            if (strncmp(below, want, strlen(want)) == 0)
                return false;
        }
        return true;
    }
    return false;
}
