/* SPDX-License-Identifier: MIT */
/* Lines that identify a text of Windows: names of rows, and values that no language changes. */
#include "parse/windows/windows.h"
#include "vbscheck/count.h"

#define VBS       "Virtualization-based security"
#define AVAILABLE "Virtualization-based security Available Security Properties"

static bool is_list_of(struct span s, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (span_find(s, words[i], NULL))
            return true;
    }
    return false;
}

/* Values that no language changes, after a tab. */
static bool is_row_of_any_language(struct span line)
{
    static const char *const abbreviations[] = {"UEFI", "SMM", "APIC"};
    struct span key, value;
    if (!span_split(line, '\t', &key, &value) || key.len == 0)
        return false;
    bool path =
        span_starts(value, "\\Device\\HarddiskVolume") ||
        (value.len > 11 && span_like((struct span){value.ptr, 11}, span_of("C:\\WINDOWS\\s")));
    bool list = span_find(value, "DMA", NULL) && span_find(value, ",", NULL) &&
                is_list_of(value, abbreviations, COUNT(abbreviations));
    return path || list || span_starts(value, "10.0.") || windows_key_is(key, "OS Name");
}

static bool is_one_of(struct span key, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (windows_key_is(key, names[i]))
            return true;
    }
    return false;
}

/* "Virtualization-based security<tab>Running", "Virtualization-based security    Running" */
static bool is_row_of_msinfo32(struct span line)
{
    static const char *const keys[] = {VBS, "Device Guard Virtualization based security",
                                       AVAILABLE};
    struct span key, value;
    return windows_row(line, &key, &value) && is_one_of(key, keys, COUNT(keys));
}

/* "AvailableSecurityProperties                  : {1, 2, 3, 4...}", or the same in JSON */
static bool is_of_powershell(struct span line)
{
    static const char *const keys[] = {
        "AvailableSecurityProperties",
        "RequiredSecurityProperties",
        "SecurityServicesConfigured",
        "SecurityServicesRunning",
        "VirtualizationBasedSecurityStatus",
        "DeviceGuardAvailableSecurityProperties",
        "DeviceGuardRequiredSecurityProperties",
    };
    struct span key, value;
    return windows_row(line, &key, &value) && is_one_of(key, keys, COUNT(keys));
}

static bool is_of_systeminfo(struct span line)
{
    struct span key, value;
    if (!span_split(line, ':', &key, &value))
        return false;
    /* "Betriebssystemname:            Microsoft Windows 11 Pro": recognised, then unsupported */
    bool column = value.ptr > key.ptr + key.len + 2;
    return column && span_starts(value, "Microsoft Windows ");
}

bool windows_opens(struct span line)
{
    enum { LONGEST = 1024 };
    return line.len < LONGEST && (is_row_of_any_language(line) || is_row_of_msinfo32(line) ||
                                  is_of_powershell(line) || is_of_systeminfo(line));
}
