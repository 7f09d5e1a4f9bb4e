/* SPDX-License-Identifier: MIT */
/* Loose evidence: files of one machine, each told by its content. */
#include <stdio.h>
#include <string.h>

#include "load/load.h"
#include "parse/cpuid.h"
#include "parse/cpuinfo.h"
#include "parse/keyval.h"
#include "parse/klog/klog.h"
#include "vbscheck/count.h"
#include "vbscheck/out.h"

/* What two files of one machine must agree on. */
struct machine {
    unsigned acpidumps;
    struct span acpidump;
    const char *acpidump_file; /* NULL: none */
    bool acpidump_cut;
    struct span memattr;
    const char *memattr_file; /* NULL: none */
    bool has_cpu;
    struct cpuid_signature cpu;
    const char *cpu_file;
    const char *problem; /* set once two files disagree */
};

static void same_processor(struct machine *m, struct cpuid_signature cpu, const char *file,
                           struct arena *a)
{
    bool same =
        cpu.family == m->cpu.family && cpu.model == m->cpu.model && cpu.stepping == m->cpu.stepping;
    if (m->has_cpu && !same)
        m->problem = arena_printf(a,
                                  "several machines in one folder: %s and %s are of different "
                                  "processors; give each machine a folder of its own",
                                  m->cpu_file, file);
    m->has_cpu = true;
    m->cpu = cpu;
    m->cpu_file = file;
}

static void add(struct snapshot *out, const char *name, const char *from, struct span data)
{
    snap_add(out, (struct blob){.name = name, .from = from, .st = ST_OK, .data = data});
}

static void add_acpidump(struct snapshot *out, struct machine *m, const char *file,
                         struct span data)
{
    if (m->acpidumps > 0 && span_equal(m->acpidump, data))
        return;
    if (m->acpidumps++ > 0)
        m->problem = arena_printf(out->arena,
                                  "several machines in one folder: %s is a second acpidump; give "
                                  "each machine a folder of its own",
                                  file);
    m->acpidump = data;
    m->acpidump_file = file;
    m->acpidump_cut = !acpidump_load(data, file, out);
}

static void add_table(struct snapshot *out, struct machine *m, const char *file, struct span data)
{
    (void)m;
    struct span signature = {data.ptr, 4};
    if (tables_want(signature))
        tables_add(out, signature, (struct blob){.from = file, .st = ST_OK, .data = data});
    else
        notes_add(&out->notes, file, "ACPI table %.4s, which no rule looks at",
                  (const char *)signature.ptr);
}

static void add_cpuid(struct snapshot *out, struct machine *m, const char *file, struct span data)
{
    struct cpuid c;
    if (cpuid_parse(data, out->arena, &c, NULL) == ST_OK)
        same_processor(m, cpuid_signature(c.cpus[0].leaf[CPUID_1][CPUID_EAX]), file, out->arena);
    add(out, "cpuid", file, data);
}

static void add_cpuinfo(struct snapshot *out, struct machine *m, const char *file, struct span data)
{
    struct cpuinfo c;
    if (cpuinfo_parse(data, &c, NULL) == ST_OK && c.x86)
        same_processor(m, (struct cpuid_signature){c.family, c.model, c.stepping}, file,
                       out->arena);
    add(out, "cpuinfo", file, data);
}

static void add_lspci(struct snapshot *out, struct machine *m, const char *file, struct span data)
{
    (void)m;
    if (!lspci_load(data, file, out))
        notes_add(&out->notes, file, "lspci text that lists no function");
}

static void add_memattr(struct snapshot *out, struct machine *m, const char *file, struct span data)
{
    if (m->memattr_file != NULL && span_equal(m->memattr, data))
        return;
    if (m->memattr_file != NULL)
        m->problem = arena_printf(out->arena,
                                  "several machines in one folder: %s and %s are different memory "
                                  "attributes tables; give each machine a folder of its own",
                                  m->memattr_file, file);
    m->memattr = data;
    m->memattr_file = file;
    add(out, "efi/memattr", file, data);
}

static void keep(struct out *kept, struct span s)
{
    out_bytes(kept, (const char *)s.ptr, s.len);
}

/* Mail wraps the longest line of all: keeps what is certainly the rest of it, off *rest. */
static void keep_tables(struct out *k, struct span tables, struct span *rest)
{
    struct span after = *rest, line;
    while (tables.len > 0 && span_next_line(&after, &line) && klog_tables_go_on(tables, line)) {
        tables = span_trim(line);
        out_char(k, ' ');
        keep(k, tables);
        *rest = after;
    }
}

/* Where mail lost the head of the line of tables as well: it follows the line of the version. */
static void keep_headless_tables(struct out *k, struct span message, struct span *rest)
{
    static const char head[] = "efi: ";
    struct span after = *rest, line;
    struct klog_table t;
    if (!span_starts(message, "efi: EFI v") || !span_next_line(&after, &line) ||
        !klog_is_table(span_trim(line), &t))
        return;
    out_char(k, '\n');
    keep(k, span_of(head));
    keep(k, span_trim(line));
    *rest = after;
}

/* Only the lines that probes look for, as a capture would hold them. */
static void add_log(struct snapshot *out, struct machine *m, const char *file, struct span data)
{
    (void)m;
    struct out k;
    struct span rest = data, line;
    out_init(&k, out->arena);
    while (span_next_line(&rest, &line)) {
        struct span message = klog_message(line);
        if (line.len == 0 || !klog_matters(message))
            continue;
        keep(&k, line);
        keep_tables(&k, klog_tables(message), &rest);
        keep_headless_tables(&k, message, &rest);
        if (rest.len > 0 || data.ptr[data.len - 1] == '\n')
            out_char(&k, '\n');
    }
    add(out, "efi/kernel-log", file, out_span(&k));
}

/* dmidecode's text holds serial numbers: only the four values of the blob `dmi` are taken. */
static void add_dmi(struct snapshot *out, struct machine *m, const char *file, struct span data)
{
    (void)m;
    struct dmi d = dmidecode_parse(data);
    const struct {
        const char *key;
        struct span value;
    } rows[] = {
        {"vendor", d.vendor},
        {"product", d.product},
        {"firmware-version", d.firmware_version},
        {"firmware-date", d.firmware_date},
        {"firmware-uefi", d.uefi},
        {"virtual-machine", d.virtual},
    };
    const char *text = "";
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (rows[i].value.len > 0)
            text = arena_printf(out->arena, "%s%s: %s\n", text, rows[i].key,
                                arena_short_text(out->arena, rows[i].value));
    }
    add(out, "dmi", file, span_of(text));
}

static const struct {
    enum kind kind;
    void (*add)(struct snapshot *out, struct machine *m, const char *file, struct span data);
} loaders[] = {
    {KIND_ACPIDUMP, add_acpidump}, {KIND_ACPI_TABLE, add_table}, {KIND_CPUID, add_cpuid},
    {KIND_CPUINFO, add_cpuinfo},   {KIND_LSPCI, add_lspci},      {KIND_KERNEL_LOG, add_log},
    {KIND_DMIDECODE, add_dmi},     {KIND_MEMATTR, add_memattr},
};

/* Returns true if the file was evidence. */
static bool add_file(struct snapshot *out, struct machine *m, const char *file, struct span data)
{
    enum kind kind = sniff(data);
    for (size_t i = 0; i < COUNT(loaders); i++) {
        if (loaders[i].kind == kind) {
            loaders[i].add(out, m, file, data);
            return true;
        }
    }
    notes_add(&out->notes, file,
              data.len == 0 ? "the file is empty" : "not recognised as evidence, and not used");
    return false;
}

enum status evidence_load(const struct raw_input *in, struct snapshot *out, const char **problem)
{
    struct machine m = {0};
    size_t used = 0;
    for (size_t i = 0; i < in->n && m.problem == NULL; i++) {
        const struct raw_file *f = &in->files[i];
        const char *name = in->folder ? f->name : in->path;
        if (f->st == ST_OK)
            used += add_file(out, &m, name, f->data);
        else
            notes_add(&out->notes, name, "could not be read: it %s", status_meaning(f->st));
    }
    if (m.problem != NULL) {
        *problem = m.problem;
        return ST_CONFLICT;
    }
    if (used == 0) {
        *problem = in->folder ? "holds nothing that is evidence: give acpidump text, raw ACPI "
                                "tables, a Memory Attributes Table, cpuid, cpuinfo, lspci, dmesg "
                                "or dmidecode text, or a capture"
                              : "is not recognised: give acpidump text, a raw ACPI table, a Memory "
                                "Attributes Table, cpuid, cpuinfo, lspci, dmesg or dmidecode text, "
                                "or a capture";
        return ST_NOT_COLLECTED;
    }
    tables_add_absent(out, m.acpidump_file, m.acpidump_cut);
    return ST_OK;
}
