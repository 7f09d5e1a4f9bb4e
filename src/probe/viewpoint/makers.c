/* SPDX-License-Identifier: MIT */
#include "probe/viewpoint/makers.h"

#include <string.h>

#include "parse/keyval.h"
#include "parse/klog/klog_iommu.h"
#include "parse/pci/pci.h"
#include "parse/sysfs_iommu.h"
#include "probe/acpi.h"
#include "probe/cpu/cpu_evidence.h"
#include "probe/viewpoint/brands.h"
#include "vbscheck/count.h"

/*
 * Other makers are not checked: Zhaoxin's and Centaur's machines have a DMAR, Hygon's an IVRS, and
 * either kind may have its own host bridge.
 */
static const char LOG[] = "efi/kernel-log";

enum cpu_maker { CPU_UNTOLD, CPU_INTEL, CPU_AMD };

static const char *const cpu_names[] = {[CPU_INTEL] = "Intel", [CPU_AMD] = "AMD"};

static enum cpu_maker by_processor(const struct probe_run *p)
{
    const struct cpu_evidence *e = p->cpu;
    char id[13] = "";
    struct span vendor = e->cpuinfo_st == ST_OK ? e->cpuinfo.vendor : (struct span){0};
    if (e->cpuid_st == ST_OK) {
        cpuid_vendor(&e->cpuid.cpus[0], id);
        vendor = span_of(id);
    }
    return span_is(vendor, "GenuineIntel")   ? CPU_INTEL
           : span_is(vendor, "AuthenticAMD") ? CPU_AMD
                                             : CPU_UNTOLD;
}

/* Is there a sound table of this signature? */
static bool has_table(const struct probe_run *p, const char *signature)
{
    struct acpi_set set = acpi_tables(p, signature);
    struct acpi_table t;
    return set.st == ST_OK && acpi_open(set.tables[0]->data, signature, &t, NULL) == ST_OK;
}

static enum cpu_maker by_dmar(const struct probe_run *p)
{
    return has_table(p, "DMAR") ? CPU_INTEL : CPU_UNTOLD;
}

static enum cpu_maker by_ivrs(const struct probe_run *p)
{
    return has_table(p, "IVRS") ? CPU_AMD : CPU_UNTOLD;
}

static enum cpu_maker by_host_bridge(const struct probe_run *p)
{
    enum { INTEL = 0x8086, AMD = 0x1022 };
    /* 440FX, 440BX and Q35: virtual machines have them with any processor. */
    static const uint16_t emulated[] = {0x1237, 0x7190, 0x29c0};
    struct pci_tree tree;
    struct blob b = snap_get(p->snap, "pci");
    if ((b.st != ST_OK && b.st != ST_TRUNCATED) ||
        pci_parse(b.data, p->arena, &tree, NULL) != ST_OK)
        return CPU_UNTOLD;
    const struct pci_function *f = pci_find(&tree, (struct pci_address){0});
    for (size_t i = 0; f != NULL && f->vendor == INTEL && i < COUNT(emulated); i++) {
        if (f->device == emulated[i])
            return CPU_UNTOLD;
    }
    return f == NULL            ? CPU_UNTOLD
           : f->vendor == INTEL ? CPU_INTEL
           : f->vendor == AMD   ? CPU_AMD
                                : CPU_UNTOLD;
}

static enum cpu_maker by_boot_processor(const struct probe_run *p)
{
    struct span name = p->log->cpu0;
    return span_starts(name, "Intel")  ? CPU_INTEL
           : span_starts(name, "AMD ") ? CPU_AMD
                                       : CPU_UNTOLD;
}

static enum cpu_maker by_log(const struct probe_run *p)
{
    struct klog_iommu l;
    klog_iommu_read(snap_get(p->snap, "efi/kernel-log").data, p->arena, &l);
    return l.n > 0 || l.vtd ? CPU_INTEL : l.amd > 0 ? CPU_AMD : CPU_UNTOLD;
}

static enum cpu_maker by_driver(const struct probe_run *p)
{
    struct sysfs_iommu sys;
    struct blob b = snap_get(p->snap, "sys/iommu");
    sysfs_iommu_parse(b.st == ST_OK ? b.data : (struct span){0}, p->arena, &sys);
    for (size_t i = 0; i < sys.n; i++) {
        if (span_starts(sys.units[i].name, "dmar"))
            return CPU_INTEL;
        if (span_starts(sys.units[i].name, "ivhd"))
            return CPU_AMD;
    }
    return CPU_UNTOLD;
}

/* Sources that name a maker, and the doubtful blobs: one blob, or all that begin with "…/". */
static const struct voice {
    enum cpu_maker (*ask)(const struct probe_run *p);
    const char *what;
    const char *blobs; /* NULL: stays unchanged */
} voices[] = {
    {by_processor, "the processor", NULL},
    {by_dmar, "the table DMAR", "acpi/"},
    {by_ivrs, "the table IVRS", "acpi/"},
    {by_host_bridge, "the host bridge 0000:00:00.0", "pci"},
    {by_boot_processor, "the processor in the kernel's log", LOG},
    {by_log, "the IOMMU in the kernel's log", LOG},
    {by_driver, "the IOMMU that the kernel drives", "sys/iommu"},
};

static bool is_of(const struct voice *v, const char *blob)
{
    size_t n = v->blobs != NULL ? strlen(v->blobs) : 0;
    if (n == 0)
        return false;
    return v->blobs[n - 1] == '/' ? strncmp(blob, v->blobs, n) == 0 : strcmp(blob, v->blobs) == 0;
}

/* Two contradicting lines of one log are from one machine: a virtual one, even if unnamed. */
static bool contradict(const enum cpu_maker *told, size_t l, size_t r)
{
    bool same_log = voices[l].blobs == voices[r].blobs && voices[l].ask == by_boot_processor;
    return told[l] != told[r] && !same_log;
}

/* Makes all blobs that name a maker unusable. */
static struct snapshot in_conflict(const struct probe_run *p,
                                   const enum cpu_maker told[COUNT(voices)])
{
    struct snapshot s = *p->snap;
    s.blobs = arena_new(p->arena, struct blob, s.n);
    for (size_t i = 0; i < s.n; i++) {
        s.blobs[i] = p->snap->blobs[i];
        for (size_t v = 0; v < COUNT(voices); v++) {
            if (told[v] == CPU_UNTOLD || !is_of(&voices[v], s.blobs[i].name))
                continue;
            s.blobs[i].st = ST_CONFLICT;
            s.blobs[i].data = (struct span){0};
        }
    }
    return s;
}

/* Brands ------------------------------------------------------------------------------------- */

/*
 * Brands that write their name into both the FADT and SMBIOS: so do 226 public machines, and none
 * has another of these names. A name that is not listed contradicts none: resellers and makers of
 * boards write arbitrary names.
 */
static const struct brand {
    const char *oem_id;
    enum maker maker;
} brands[] = {
    {"DELL", MAKER_DELL}, {"LENOVO", MAKER_LENOVO}, {"HPQOEM", MAKER_HP},
    {"HP    ", MAKER_HP}, {"_ASUS_", MAKER_ASUS},   {"ACRSYS", MAKER_ACER},
};

static enum maker brand_of_fadt(const struct probe_run *p)
{
    enum { OEM_ID = 10, OEM_ID_LEN = 6 };
    struct acpi_set set = acpi_tables(p, "FACP");
    if (set.st != ST_OK || set.tables[0]->data.len < OEM_ID + OEM_ID_LEN)
        return MAKER_ANY;
    for (size_t i = 0; i < COUNT(brands); i++) {
        if (span_starts(span_skip(set.tables[0]->data, OEM_ID), brands[i].oem_id))
            return brands[i].maker;
    }
    return MAKER_ANY;
}

static bool writes_both(enum maker m)
{
    for (size_t i = 0; i < COUNT(brands); i++) {
        if (brands[i].maker == m)
            return true;
    }
    return false;
}

/* The name of another listed brand; in the log's line only the first word is the vendor. */
static enum maker other_brand(const struct probe_run *p, enum maker own)
{
    struct span line = p->log->dmi, vendor = {0};
    struct blob b = snap_get(p->snap, "dmi");
    if (b.st != ST_OK)
        (void)span_next_word(&line, &vendor);
    else
        (void)keyval_get(b.data, "vendor", &vendor);
    enum maker m = brand_of_vendor(vendor);
    return m != own && writes_both(m) ? m : MAKER_ANY;
}

static void check_brands(const struct probe_run *p)
{
    enum maker fadt = brand_of_fadt(p);
    enum maker smbios = fadt != MAKER_ANY ? other_brand(p, fadt) : MAKER_ANY;
    if (smbios != MAKER_ANY)
        p->facts->problem =
            arena_printf(p->arena,
                         "evidence of several machines: the ACPI tables are from %s, and SMBIOS "
                         "is from %s; give each machine a folder of its own",
                         maker_name(fadt), maker_name(smbios));
}

struct snapshot makers_checked(const struct probe_run *p, const struct view *view)
{
    enum cpu_maker told[COUNT(voices)];
    size_t first = COUNT(voices), other = COUNT(voices);
    if (view->is == VIEW_GUEST || view->is == VIEW_WSL)
        return *p->snap;
    for (size_t i = 0; i < COUNT(voices); i++) {
        told[i] = voices[i].ask(p);
        if (told[i] != CPU_UNTOLD && first == COUNT(voices))
            first = i;
        else if (told[i] != CPU_UNTOLD && other == COUNT(voices) && contradict(told, first, i))
            other = i;
    }
    if (p->snap->kind == SOURCE_EVIDENCE)
        check_brands(p);
    if (other == COUNT(voices))
        return *p->snap;
    const char *line = arena_printf(
        p->arena, "evidence of several machines: %s is from %s, and %s is from %s",
        voices[first].what, cpu_names[told[first]], voices[other].what, cpu_names[told[other]]);
    notes_add(p->notes, voices[other].blobs, "%s", line);
    if (p->snap->kind == SOURCE_EVIDENCE)
        p->facts->problem =
            arena_printf(p->arena, "%s; give each machine a folder of its own", line);
    return in_conflict(p, told);
}
