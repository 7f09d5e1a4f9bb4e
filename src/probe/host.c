/* SPDX-License-Identifier: MIT */
/* What names the machine in a report: SMBIOS and the kernel. */
#include "parse/keyval.h"
#include "parse/klog/klog.h"
#include "probe/probe.h"
#include "vbscheck/count.h"

static const char *const wants[] = {"dmi", "kernel", "efi/kernel-log", NULL};

static const enum fact_id gives[] = {
    FACT_HOST_KERNEL,        FACT_HOST_VENDOR,   FACT_HOST_PRODUCT, FACT_HOST_FIRMWARE_VERSION,
    FACT_HOST_FIRMWARE_DATE, FACT_HOST_LOCKDOWN, FACT_NONE,
};

static const enum fact_id dmi_facts[] = {
    FACT_HOST_VENDOR,        FACT_HOST_PRODUCT, FACT_HOST_FIRMWARE_VERSION,
    FACT_HOST_FIRMWARE_DATE, FACT_NONE,
};

static void set_text(const struct probe_run *p, enum fact_id id, struct span text, const char *blob)
{
    if (text.len > 0)
        facts_text(p->facts, id, arena_text(p->arena, text), origin_of(blob));
    else
        facts_unknown(p->facts, id, ST_ABSENT, origin_of(blob));
}

/* The last word of *s, cut off it. */
static struct span cut_last_word(struct span *s)
{
    size_t at = s->len;
    while (at > 0 && s->ptr[at - 1] != ' ')
        at--;
    struct span word = span_skip(*s, at);
    s->len = at;
    *s = span_trim(*s);
    return word;
}

/* Linux prints "DMI: VENDOR PRODUCT/BOARD, BIOS VERSION DATE" (dmi_format_ids in dmi_scan.c). */
static struct dmi dmi_of_log(struct span line)
{
    struct dmi d = {0};
    struct span bios;
    if (!span_find(line, ", BIOS ", &bios)) {
        d.product = line;
        return d;
    }
    d.product = (struct span){line.ptr, line.len - bios.len - sizeof ", BIOS " + 1};
    d.firmware_version = bios;
    struct span date = cut_last_word(&bios);
    if (span_find(date, "/", NULL)) { /* MM/DD/YYYY, as SMBIOS wants it */
        d.firmware_date = date;
        d.firmware_version = bios;
    }
    return d;
}

static void set_dmi(const struct probe_run *p, const struct klog *log)
{
    struct blob b = snap_get(p->snap, "dmi");
    struct dmi d = {0};
    if (b.st == ST_OK) {
        d = dmi_parse(b.data);
    } else if (log->dmi.len > 0) {
        b.name = "efi/kernel-log";
        d = dmi_of_log(log->dmi);
    } else {
        facts_all_unknown(p->facts, dmi_facts, b.st, origin_of(b.name));
        return;
    }
    set_text(p, FACT_HOST_VENDOR, d.vendor, b.name);
    set_text(p, FACT_HOST_PRODUCT, d.product, b.name);
    set_text(p, FACT_HOST_FIRMWARE_VERSION, d.firmware_version, b.name);
    set_text(p, FACT_HOST_FIRMWARE_DATE, d.firmware_date, b.name);
}

/* The kernel shows all modes and brackets the one in force: "[none] integrity confidentiality". */
static struct span bracketed(struct span modes)
{
    struct span rest, word, after;
    if (!span_find(modes, "[", &rest) || !span_split(rest, ']', &word, &after))
        return (struct span){0};
    return word;
}

static void set_lockdown(const struct probe_run *p, struct blob kernel, const struct klog *log)
{
    struct span line = {0};
    if (kernel.st == ST_OK && keyval_get(kernel.data, "lockdown", &line)) {
        set_text(p, FACT_HOST_LOCKDOWN, bracketed(line), "kernel");
    } else if (log->lockdown) {
        facts_text(p->facts, FACT_HOST_LOCKDOWN, "integrity", origin_of("efi/kernel-log"));
    } else {
        enum status why = kernel.st == ST_OK ? ST_NOT_COLLECTED : kernel.st;
        facts_unknown(p->facts, FACT_HOST_LOCKDOWN, why, origin_of("kernel"));
    }
}

/* Options that switch something off for this boot only, and what they do to what is seen. */
static const struct {
    const char *option;
    const char *says;
} boot_options[] = {
    {"intel_iommu=off", "the kernel was told not to use VT-d; the tables are judged, not its use"},
    {"amd_iommu=off", "the kernel was told not to use AMD-Vi; the tables are judged, not its use"},
    {"iommu=off", "the kernel was told to use no IOMMU; the tables are judged, not its use"},
    {"iommu=pt",
     "the kernel passes DMA of its own devices through; the hardware still covers them"},
    {"iommu.passthrough=1", "the kernel passes DMA through; the hardware still covers it"},
    {"noefi", "the kernel was told not to use UEFI services"},
    {"efi=noruntime", "the kernel was told not to use UEFI runtime services"},
};

static void note_boot_options(const struct probe_run *p, struct blob kernel)
{
    struct span line, word;
    if (kernel.st != ST_OK || !keyval_get(kernel.data, "cmdline", &line))
        return;
    while (span_next_word(&line, &word)) {
        for (size_t i = 0; i < COUNT(boot_options); i++) {
            if (span_is(word, boot_options[i].option))
                notes_add_boot(p->notes, "kernel", "%s: %s", boot_options[i].option,
                               boot_options[i].says);
        }
    }
}

static void run(const struct probe_run *p)
{
    struct blob kernel = snap_get(p->snap, "kernel");
    set_dmi(p, p->log);
    struct span release = {0};
    if (kernel.st == ST_OK && keyval_get(kernel.data, "release", &release))
        set_text(p, FACT_HOST_KERNEL, release, "kernel");
    else if (p->log->release.len > 0)
        set_text(p, FACT_HOST_KERNEL, p->log->release, "efi/kernel-log");
    else
        facts_unknown(p->facts, FACT_HOST_KERNEL, kernel.st == ST_OK ? ST_ABSENT : kernel.st,
                      origin_of("kernel"));
    set_lockdown(p, kernel, p->log);
    note_boot_options(p, kernel);
}

const struct probe probe_host = {
    .name = "host",
    .summary = "what names the machine: SMBIOS and the kernel",
    .wants = wants,
    .gives = gives,
    .run = run,
};
