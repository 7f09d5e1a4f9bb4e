/* SPDX-License-Identifier: MIT */
#include "probe/viewpoint/wsl.h"

#include "parse/keyval.h"
#include "parse/klog/klog.h"
#include "probe/cpu/cpu_evidence.h"

static bool says_microsoft(struct span release)
{
    static const char word[] = "microsoft";
    for (size_t i = 0; i + sizeof word - 1 <= release.len; i++) {
        size_t n = 0;
        while (n < sizeof word - 1 && (release.ptr[i + n] | 0x20) == (uint8_t)word[n])
            n++;
        if (n == sizeof word - 1)
            return true;
    }
    return false;
}

const char *wsl_told_by(const struct probe_run *p)
{
    struct span line, word, release = {0};
    struct blob kernel = snap_get(p->snap, "kernel");
    if (kernel.st == ST_OK && keyval_get(kernel.data, "release", &release) &&
        says_microsoft(release))
        return "kernel";
    if (says_microsoft(p->log->release))
        return "efi/kernel-log";
    if (kernel.st != ST_OK || !keyval_get(kernel.data, "cmdline", &line))
        return NULL;
    while (span_next_word(&line, &word)) {
        if (span_starts(word, "WSL_ROOT_INIT"))
            return "kernel";
    }
    return NULL;
}

/* WSL1's kernel version is 4.4.0-19041-Microsoft. */
bool wsl_is_1(const struct probe_run *p)
{
    return span_starts(p->cpu->release, "4.4.0-") && span_find(p->cpu->release, "-Microsoft", NULL);
}
