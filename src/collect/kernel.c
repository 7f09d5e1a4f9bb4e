/* SPDX-License-Identifier: MIT */
/* The running kernel: its version, its command line, its lockdown, its support for KVM. */
#include <string.h>

#include "collect/cpu/x86.h"
#include "collect/lines.h"
#include "parse/kernel_words.h"
#include "vbscheck/count.h"

static void put_cmdline(const struct collector *c, struct out *o)
{
    struct span text;
    if (ask_file(c->asker, "proc/cmdline", &text) != ST_OK)
        return;
    text = span_trim(text);
    out_str(o, "cmdline:");
    for (struct span word; span_next_word(&text, &word);) {
        if (!kernel_word_decides(word))
            continue;
        out_char(o, ' ');
        lines_value(o, word);
    }
    out_char(o, '\n');
}

/* KVM for Intel ---------------------------------------------------------------------------- */

/*
 * Linux with KVM for Intel turns VT-x on if firmware left it undecided; Linux without it locks VT-x
 * off (arch/x86/kernel/cpu/feat_ctl.c). So an "off" proves nothing without this line.
 */
static const char *from_config(const struct collector *c)
{
    struct span text, after;
    const char *path = arena_printf(c->arena, "boot/config-%s", c->release);
    if (ask_file(c->asker, path, &text) != ST_OK)
        return NULL;
    if (span_find(text, "\n# CONFIG_KVM_INTEL is not set\n", NULL))
        return "n";
    if (!span_find(text, "\nCONFIG_KVM_INTEL=", &after))
        return NULL;
    return span_starts(after, "y") ? "y" : span_starts(after, "m") ? "m" : NULL;
}

static const char *from_modules(const struct collector *c)
{
    static const char *const endings[] = {"", ".xz", ".zst", ".gz"};
    for (size_t i = 0; i < COUNT(endings); i++) {
        if (lines_exists(c,
                         arena_printf(c->arena, "lib/modules/%s/kernel/arch/x86/kvm/kvm-intel.ko%s",
                                      c->release, endings[i])))
            return "m";
    }
    struct span text;
    const char *path = arena_printf(c->arena, "lib/modules/%s/modules.builtin", c->release);
    if (ask_file(c->asker, path, &text) != ST_OK)
        return NULL;
    return span_find(text, "/kvm-intel.ko\n", NULL) ? "y" : NULL;
}

static bool is_amd(void)
{
    enum { AUTH = 0x68747541, HYGO = 0x6f677948 }; /* "AuthenticAMD", "HygonGenuine" */
    uint32_t ebx = x86_cpuid(0, 0).ebx;
    return ebx == AUTH || ebx == HYGO;
}

static void put_kvm_intel(const struct collector *c, struct out *o)
{
    if (c->live && (!ON_X86 || is_amd()))
        return;
    const char *value = lines_exists(c, "sys/module/kvm_intel") ? "m" : NULL;
    bool named = c->release[0] != '\0' && strchr(c->release, '/') == NULL;
    if (value == NULL && named)
        value = from_config(c);
    if (value == NULL && named)
        value = from_modules(c);
    if (value == NULL)
        return;
    out_str(o, "config-kvm-intel: ");
    out_str(o, value);
    out_char(o, '\n');
}

static void fetch(struct collector *c)
{
    struct out o;
    out_init(&o, c->arena);
    if (c->release[0] != '\0') {
        out_str(&o, "release: ");
        lines_value(&o, span_of(c->release));
        out_char(&o, '\n');
    }
    if (c->live && c->from->system.machine[0] != '\0')
        out_printf(&o, "arch: %s\n", c->from->system.machine);
    if (c->live && c->from->user == 0) /* in any user namespace */
        out_str(&o, "uid: 0\n");
    put_cmdline(c, &o);
    (void)lines_file(c, &o, "lockdown: ", "sys/kernel/security/lockdown");
    put_kvm_intel(c, &o);
    collect_add(c, "kernel", "/proc, /sys and /boot", o.len > 0 ? ST_OK : ST_NOT_COLLECTED,
                out_span(&o));
}

const struct source source_kernel = {
    .prefix = "kernel",
    .summary = "Release and deciding options of the kernel, its lockdown mode",
    .needs = "nothing",
    .fetch = fetch,
};
