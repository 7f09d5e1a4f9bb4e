/* SPDX-License-Identifier: MIT */
/* The machine's names for a report: SMBIOS and the kernel. */
#include "parse/keyval.h"
#include "parse/klog/klog.h"
#include "parse/smbios_date.h"
#include "parse/smbios_names.h"
#include "probe/viewpoint/brands.h"
#include "probe/viewpoint/platform.h"
#include "vbscheck/count.h"

static const char *const wants[] = {"dmi", "kernel", "efi/kernel-log", NULL};

static const enum fact_id gives[] = {
    FACT_HOST_KERNEL,
    FACT_HOST_VENDOR,
    FACT_HOST_PRODUCT,
    FACT_HOST_FIRMWARE_VERSION,
    FACT_HOST_FIRMWARE_DATE,
    FACT_HOST_LOCKDOWN,
    FACT_FIRMWARE_UEFI,
    FACT_HOST_BOARD,
    FACT_HOST_FIRMWARE_DATE_ISO,
    FACT_NONE,
};

static const enum fact_id dmi_facts[] = {
    FACT_HOST_VENDOR,
    FACT_HOST_PRODUCT,
    FACT_HOST_FIRMWARE_VERSION,
    FACT_HOST_FIRMWARE_DATE,
    FACT_HOST_BOARD,
    FACT_HOST_FIRMWARE_DATE_ISO,
    FACT_NONE,
};

static void set_text(const struct probe_run *p, enum fact_id id, struct span text, const char *blob)
{
    if (text.len > 0)
        facts_text(p->facts, id, arena_text(p->arena, text), origin_of(blob));
    else
        facts_unknown(p->facts, id, ST_ABSENT, origin_of(blob));
}

/* Removes the last word of *s and returns it. */
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
static struct dmi dmi_of_log(struct span line, struct arena *a)
{
    struct dmi d = {0};
    struct span bios;
    if (!span_find(line, ", BIOS ", &bios)) {
        d.product = line;
        return d;
    }
    d.product = (struct span){line.ptr, line.len - bios.len - sizeof ", BIOS " + 1};
    struct span board = d.product;
    while (span_find(board, "/", &board))
        d.board = board;
    struct span before = {d.product.ptr, d.product.len - d.board.len};
    if (d.board.len > 0 && span_find(before, arena_text(a, d.board), NULL))
        d.product = (struct span){before.ptr, before.len - 1}; /* board and product share a name */
    d.firmware_version = bios;
    struct span date = cut_last_word(&bios);
    if (span_find(date, "/", NULL)) { /* MM/DD/YYYY, as SMBIOS requires */
        d.firmware_date = date;
        d.firmware_version = bios;
    }
    return d;
}

static void set_uefi(const struct probe_run *p)
{
    struct blob b = snap_get(p->snap, "dmi");
    struct dmi d = b.st == ST_OK ? dmi_parse(b.data) : (struct dmi){0};
    if (d.uefi.len > 0)
        facts_bool(p->facts, FACT_FIRMWARE_UEFI, span_is(d.uefi, "yes"), origin_of(b.name));
    else
        facts_unknown(p->facts, FACT_FIRMWARE_UEFI, b.st == ST_OK ? ST_NOT_COLLECTED : b.st,
                      origin_of(b.name));
}

/*
 * The machine's name: the board's if the vendor left the product's name blank; Lenovo's is in the
 * version.
 */
static struct span name_of(const struct dmi *d)
{
    bool nothing = smbios_is_placeholder(d->product) || smbios_holds_placeholder(d->product);
    bool lenovo = span_is(d->vendor, "LENOVO") || span_is(d->vendor, "Lenovo");
    if (lenovo && !smbios_is_placeholder(d->version))
        return d->version;
    return nothing && !smbios_is_placeholder(d->board) ? d->board : d->product;
}

/* The maker: the board's if the system's vendor is a placeholder. */
static struct span maker_of(const struct dmi *d)
{
    bool nobody = smbios_is_placeholder(d->vendor);
    return nobody && !smbios_is_placeholder(d->board_vendor) ? d->board_vendor : d->vendor;
}

/* The date as written, and in ISO order if it can be converted. */
static void set_date(const struct probe_run *p, struct span date, const char *blob)
{
    char iso[SMBIOS_DATE_LEN + 1];
    set_text(p, FACT_HOST_FIRMWARE_DATE, date, blob);
    if (date.len > 0 && !smbios_date_iso(date, iso))
        facts_unknown(p->facts, FACT_HOST_FIRMWARE_DATE_ISO, ST_UNSUPPORTED, origin_of(blob));
    else
        set_text(p, FACT_HOST_FIRMWARE_DATE_ISO, date.len > 0 ? span_of(iso) : date, blob);
}

static void set_dmi(const struct probe_run *p, const struct klog *log)
{
    struct blob b = snap_get(p->snap, "dmi");
    struct dmi d = {0};
    if (b.st == ST_OK) {
        d = dmi_parse(b.data);
    } else if (log->dmi.len > 0) {
        b.name = "efi/kernel-log";
        d = dmi_of_log(log->dmi, p->arena);
    } else {
        facts_all_unknown(p->facts, dmi_facts, b.st, origin_of(b.name));
        return;
    }
    if (p->view->is != VIEW_GUEST)
        p->facts->maker = brand_of_machine(&d);
    set_text(p, FACT_HOST_VENDOR, maker_of(&d), b.name);
    set_text(p, FACT_HOST_PRODUCT, name_of(&d), b.name);
    set_text(p, FACT_HOST_BOARD, d.board, b.name);
    set_text(p, FACT_HOST_FIRMWARE_VERSION, d.firmware_version, b.name);
    set_date(p, d.firmware_date, b.name);
}

/* The kernel lists all modes, the active one in brackets: "[none] integrity confidentiality". */
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

/* Kernel command-line options, and their effect on the evidence. */
static const struct {
    const char *key;
    const char *value; /* one of a list of words; "" matches any, NULL means no value */
    unsigned situation;
    const char *says; /* NULL: no note */
} boot_options[] = {
    {"intel_iommu", "off", 0,
     "a boot option keeps this kernel from using VT-d; only the tables are judged"},
    {"amd_iommu", "off", 0,
     "a boot option keeps this kernel from using AMD-Vi; only the tables are judged"},
    {"iommu", "off", 0,
     "a boot option keeps this kernel from using an IOMMU; only the tables are "
     "judged"},
    {"iommu", "pt", 0,
     "the kernel passes DMA of its own devices through; the hardware still covers them"},
    {"iommu.passthrough", "1", 0, "the kernel passes DMA through; the hardware still covers it"},
    {"noefi", NULL, SIT_NO_RUNTIME, "a boot option keeps this kernel from using UEFI services"},
    {"efi", "noruntime", SIT_NO_RUNTIME,
     "a boot option keeps this kernel from using UEFI runtime "
     "services"},
    {"mem", "", SIT_MEMORY_CUT, NULL},
    {"memmap", "", SIT_MEMORY_CUT, NULL},
    {"acpi", "off", SIT_ACPI_OFF,
     "a boot option keeps this kernel from using ACPI, so it shows "
     "no table"},
};

/* Is `value` in "a,b,c"? */
static bool lists(struct span words, const char *value)
{
    struct span word, rest;
    while (span_split(words, ',', &word, &rest)) {
        if (span_is(word, value))
            return true;
        words = rest;
    }
    return span_is(span_trim(words), value);
}

static bool is_option(struct span word, size_t i)
{
    struct span key, value;
    const char *want = boot_options[i].value;
    if (!span_split(word, '=', &key, &value))
        return want == NULL && span_is(word, boot_options[i].key);
    return want != NULL && span_is(key, boot_options[i].key) &&
           (want[0] == '\0' || lists(value, want));
}

static bool has_word(struct span line, const char *text)
{
    struct span word, key, value;
    while (span_next_word(&line, &word)) {
        if (span_split(word, '=', &key, &value) && span_is(key, "efi") && lists(value, text))
            return true;
    }
    return false;
}

/* Real-time kernels disable EFI's runtime services unless told otherwise. */
static bool is_realtime(const struct probe_run *p, struct span cmdline)
{
    return span_find(p->cpu->release, "-rt", NULL) && !has_word(cmdline, "runtime");
}

static void read_options(const struct probe_run *p, struct blob kernel)
{
    struct span line = {0}, word;
    if (kernel.st == ST_OK)
        (void)keyval_get(kernel.data, "cmdline", &line);
    if (is_realtime(p, line))
        p->facts->situation |= SIT_NO_RUNTIME;
    while (span_next_word(&line, &word)) {
        for (size_t i = 0; i < COUNT(boot_options); i++) {
            if (!is_option(word, i))
                continue;
            p->facts->situation |= boot_options[i].situation;
            if (boot_options[i].says != NULL)
                notes_add_boot(p->notes, "kernel", "%s: %s", arena_text(p->arena, word),
                               boot_options[i].says);
        }
    }
}

/* The kinds of evidence given: a remedy does not ask for these again. */
static unsigned evidence_given(const struct snapshot *s)
{
    static const struct {
        const char *prefix;
        unsigned situation;
    } kinds[] = {
        {"acpi/FACP", SIT_HAS_TABLES}, {"efi/kernel-log", SIT_HAS_LOG},
        {"cpuid", SIT_HAS_CPU},        {"cpuinfo", SIT_HAS_CPU | SIT_HAS_CPUINFO},
        {"pci", SIT_HAS_PCI},
    };
    unsigned given = 0;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        size_t at = 0;
        const struct blob *b;
        while ((b = snap_next(s, kinds[i].prefix, &at)) != NULL)
            given |= b->st == ST_OK ? kinds[i].situation : 0;
    }
    return given;
}

/* If the processor is unknown: the maker of the IOMMU that firmware describes. */
static unsigned vendor_by_tables(const struct snapshot *s)
{
    if (snap_get(s, "acpi/DMAR").st == ST_OK)
        return SIT_INTEL;
    return snap_get(s, "acpi/IVRS").st == ST_OK ? SIT_AMD : 0;
}

/* Who scanned which machine: a remedy has to fit both. */
static void read_situation(const struct probe_run *p, struct blob kernel)
{
    static const unsigned of_vendor[] = {
        [CPU_INTEL_LIKE] = SIT_INTEL, [CPU_AMD_LIKE] = SIT_AMD, [CPU_UNKNOWN_VENDOR] = 0};
    struct span uid = {0};
    unsigned vendor = of_vendor[p->cpu->vendor];
    if (kernel.st == ST_OK)
        (void)keyval_get(kernel.data, "uid", &uid);
    p->facts->situation |= vendor != 0 ? vendor : vendor_by_tables(p->snap);
    p->facts->situation |= evidence_given(p->snap);
    /* A capture counts like the scan that made it. */
    p->facts->situation |= p->snap->kind != SOURCE_EVIDENCE ? SIT_SCAN : 0;
    if (p->snap->kind == SOURCE_EVIDENCE && !p->log->from_start)
        p->facts->situation |= (p->facts->situation & SIT_HAS_LOG) != 0 ? SIT_LOG_CUT : 0;
    p->facts->situation |= p->view->is == VIEW_GUEST ? SIT_GUEST : 0;
    p->facts->platform = platform_of(p);
    p->facts->situation |=
        p->view->is == VIEW_METAL || p->view->is == VIEW_ROOT || p->view->is == VIEW_DOM0
            ? SIT_METAL
            : 0;
    p->facts->situation |= span_is(uid, "0") ? SIT_ROOT : 0;
}

static void run(const struct probe_run *p)
{
    struct blob kernel = snap_get(p->snap, "kernel");
    set_dmi(p, p->log);
    set_uefi(p);
    struct span release = {0};
    if (kernel.st == ST_OK && keyval_get(kernel.data, "release", &release))
        set_text(p, FACT_HOST_KERNEL, release, "kernel");
    else if (p->log->release.len > 0)
        set_text(p, FACT_HOST_KERNEL, p->log->release, "efi/kernel-log");
    else
        facts_unknown(p->facts, FACT_HOST_KERNEL, kernel.st == ST_OK ? ST_ABSENT : kernel.st,
                      origin_of("kernel"));
    set_lockdown(p, kernel, p->log);
    read_options(p, kernel);
    read_situation(p, kernel);
}

const struct probe probe_host = {
    .name = "host",
    .summary = "Names of the machine, from SMBIOS and the kernel",
    .wants = wants,
    .gives = gives,
    .run = run,
};
