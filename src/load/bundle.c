/* SPDX-License-Identifier: MIT */
/*
 * Bundles as other tools write them: thousands of files, of which a few are evidence. They are
 * found by the paths that these tools use: sos 3 and 4 (sos/report/plugins: acpi tables and dmesg
 * of `kernel`, lspci of `pci`, cpuid and lscpu of `processor`, dmidecode of `hardware`, those of
 * `tpm2` and `boot`), supportutils, hw-probe (`logs`).
 */
#include <string.h>

#include "load/raw.h"
#include "vbscheck/count.h"

/* Starts of paths. A link to one of them stands in the bundle's own folder. */
static const char *const evidence[] = {
    "sos_commands/kernel/dmesg",
    "sos_commands/pci/lspci",
    "sos_commands/devices/lspci",
    "sos_commands/processor/cpuid_-r",
    "sos_commands/processor/lscpu",
    "sos_commands/tpm2/tpm2_getcap",
    "sos_commands/boot/mokutil_--sb-state",
    "sos_commands/hardware/dmidecode",
    "sos_commands/block/lsblk",
    "sys/firmware/acpi/tables/",
    "sys/firmware/efi/efivars/",
    "proc/cpuinfo",
    "proc/meminfo",
    "var/log/dmesg",
    "boot.txt",
    "hardware.txt",
    "basic-environment.txt",
    "proc.txt",
    "logs/acpidump",
    "logs/cpuid",
    "logs/cpuinfo",
    "logs/dmesg",
    "logs/lscpu",
    "logs/dmidecode",
    "logs/lspci",
    "logs/lsblk",
    "logs/meminfo",
    "acpidump", /* added by a user: none of these tools makes one */
};

/* Starts of paths that only a bundle has. */
static const char *const marks[] = {"sos_commands/", "sos_reports/", "sos_logs/", "sos_strings/"};

/* Names of a bundle's folder: sos, supportconfig, hw-probe. */
static const char *const folders[] = {"sosreport-", "scc_", "nts_", "hw.info/"};

static bool starts(const char *path, const char *with)
{
    return strncmp(path, with, strlen(with)) == 0;
}

static bool starts_any(const char *path, const char *const *table, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (starts(path, table[i]))
            return true;
    }
    return false;
}

/* The path below the first folder. */
static const char *below(const char *path)
{
    const char *slash = strchr(path, '/');
    return slash != NULL ? slash + 1 : "";
}

bool bundle_is_told(const char *path)
{
    if (starts(path, "./"))
        path += 2;
    return (strchr(path, '/') != NULL && starts_any(path, folders, COUNT(folders))) ||
           starts_any(path, marks, COUNT(marks)) || starts_any(below(path), marks, COUNT(marks));
}

/* The folder's name holds the name of the host: sos, policies/__init__.py; supportutils' scc_HOST_.
 */
const char *bundle_shown_name(const char *path)
{
    const char *name = starts(path, "./") ? path + 2 : path;
    bool in_folder = strchr(name, '/') != NULL && starts_any(name, folders, COUNT(folders));
    return in_folder && below(name)[0] != '\0' ? below(name) : path;
}

bool bundle_leaves_out(const char *path, bool bundle)
{
    if (!bundle && !bundle_is_told(path))
        return false;
    return !starts_any(path, evidence, COUNT(evidence)) &&
           !starts_any(below(path), evidence, COUNT(evidence));
}

bool bundle_leaves_folder_out(const char *path)
{
    size_t n = strlen(path);
    for (size_t i = 0; i < COUNT(evidence); i++) {
        bool above = strncmp(evidence[i], path, n) == 0 && evidence[i][n] == '/';
        if (above || starts(path, evidence[i]))
            return false;
    }
    return true;
}

const char *bundle_name_problem(const char *name)
{
    unsigned depth = 0;
    if (name == NULL || name[0] == '\0')
        return "a member without a name";
    if (strlen(name) > RAW_NAME_MAX)
        return "a name that is too long";
    if (name[0] == '/')
        return "an absolute path";
    for (const char *part = name; part != NULL; part = strchr(part, '/')) {
        part += *part == '/';
        size_t n = strcspn(part, "/");
        if (n == 2 && strncmp(part, "..", 2) == 0)
            return "a path that leads out of it";
        depth += n > 0;
    }
    return depth > RAW_DEPTH_MAX ? "folders nested too deep" : NULL;
}
