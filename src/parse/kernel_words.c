/* SPDX-License-Identifier: MIT */
#include "parse/kernel_words.h"

#include "vbscheck/count.h"

static const char *const words[] = {
    "iommu",    "intel_iommu", "amd_iommu", "efi",    "noefi", "lockdown", "kvm",   "intremap",
    "nox2apic", "mem_encrypt", "pci=",      "no-kvm", "mem=",  "memmap=",  "acpi=", "WSL_ROOT_INIT",
};

static const char *const lines[] = {
    "release: ", "arch: ", "uid: ", "lockdown: ", "config-kvm-intel: ",
};

static bool starts_any(struct span s, const char *const *table, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (span_starts(s, table[i]))
            return true;
    }
    return false;
}

bool kernel_word_decides(struct span word)
{
    return starts_any(word, words, COUNT(words));
}

bool kernel_line_is_known(struct span line)
{
    return starts_any(line, lines, COUNT(lines));
}
