/* SPDX-License-Identifier: MIT */
/* Lines by which a text of Windows' is known: names of rows, and values that no language changes.
 */
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

/* "OS Name<tab>Microsoft Windows 11 Pro", "Version<tab>10.0.26100 Build 26100" */
static bool is_row_of_msinfo32(struct span line)
{
    static const char *const abbreviations[] = {"UEFI", "SMM", "APIC"};
    static const char *const keys[] = {"OS Name", VBS, "Device Guard Virtualization based security",
                                       AVAILABLE};
    struct span key, value;
    if (!span_split(line, '\t', &key, &value) || key.len == 0)
        return false;
    for (size_t i = 0; i < COUNT(keys); i++) {
        if (span_like(key, span_of(keys[i])))
            return true;
    }
    bool path =
        span_starts(value, "\\Device\\HarddiskVolume") ||
        (value.len > 11 && span_like((struct span){value.ptr, 11}, span_of("C:\\WINDOWS\\s")));
    bool list = span_find(value, "DMA", NULL) && span_find(value, ",", NULL) &&
                is_list_of(value, abbreviations, COUNT(abbreviations));
    return path || list || span_starts(value, "10.0.");
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
    if (!span_split(line, ':', &key, &value))
        return false;
    if (key.len > 2 && key.ptr[0] == '"' && key.ptr[key.len - 1] == '"')
        key = (struct span){key.ptr + 1, key.len - 2};
    for (size_t i = 0; i < COUNT(keys); i++) {
        if (span_is(key, keys[i]))
            return true;
    }
    return false;
}

static bool is_of_systeminfo(struct span line)
{
    struct span key, value;
    if (!span_split(line, ':', &key, &value))
        return false;
    /* "Betriebssystemname:            Microsoft Windows 11 Pro": told, and then unsupported */
    bool column = value.ptr > key.ptr + key.len + 2;
    return (column && span_starts(value, "Microsoft Windows ")) || span_is(key, VBS);
}

bool windows_opens(struct span line)
{
    enum { LONGEST = 1024 };
    return line.len < LONGEST &&
           (is_row_of_msinfo32(line) || is_of_powershell(line) || is_of_systeminfo(line));
}
