/* SPDX-License-Identifier: MIT */
/* The words that Windows prints for numbers. */
#include "parse/windows/windows.h"
#include "vbscheck/count.h"
#include "vbscheck/out.h"

const char *windows_source_name(enum windows_source s)
{
    static const char *const names[WINDOWS_SOURCES] = {"msinfo32", "systeminfo",
                                                       "Win32_DeviceGuard", "Get-ComputerInfo"};
    return names[s];
}

static uint8_t plain(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 'a' - 'A') : c;
}

static bool counts(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 0x80;
}

/* The same letters and digits, in British spelling too, in any case, with anything between. */
static bool same_letters(struct span s, const char *letters)
{
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = plain(s.ptr[i]);
        if (!counts(c))
            continue;
        uint8_t want = (uint8_t)letters[n++];
        if (c != want && !(c == 's' && want == 'z')) /* "Virtualisation", as the British write */
            return false;
    }
    return letters[n] == '\0';
}

struct word {
    const char *letters;
    int number;
};

static int number_of(const struct word *words, size_t n, struct span name, int most)
{
    uint64_t v;
    if (span_number(name, &v))
        return v <= (uint64_t)most ? (int)v : -1;
    for (size_t i = 0; i < n; i++) {
        if (same_letters(name, words[i].letters))
            return words[i].number;
    }
    return -1;
}

int windows_property(struct span name)
{
    static const struct word words[] = {
        {"basevirtualizationsupport", 1},
        {"secureboot", 2},
        {"dmaprotection", 3},
        {"securememoryoverwrite", 4},
        {"ueficodereadonly", 5},
        {"smmsecuritymitigations10", 6},
        {"smmsecuritymitigations", 6},
        {"modebasedexecutioncontrol", 7},
        {"apicvirtualization", 8},
    };
    return number_of(words, COUNT(words), name, WINDOWS_PROPERTY_MAX);
}

int windows_service(struct span name)
{
    static const struct word words[] = {
        {"credentialguard", 1},
        {"hypervisorenforcedcodeintegrity", 2},
        {"securelaunch", 3},
        {"smmfirmwaremeasurement", 4},
        {"kernelmodehardwareenforcedstackprotection", 5},
        {"kernelmodehardwareenforcedstackprotectionauditmode", 6},
        {"hypervisorenforcedpagingtranslation", 7},
    };
    return number_of(words, COUNT(words), name, WINDOWS_SERVICE_MAX);
}

const char *windows_list_text(unsigned bits, struct arena *a)
{
    struct out o;
    out_init(&o, a);
    for (unsigned i = 0; i < 32; i++) {
        if ((bits >> i & 1) != 0)
            out_printf(&o, "%s%u", o.len > 0 ? "," : "", i);
    }
    return arena_text(a, out_span(&o));
}
