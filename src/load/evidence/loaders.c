/* SPDX-License-Identifier: MIT */
/* Files of one kind are processed together, so that the order of their names does not matter. */
#include "load/evidence/items.h"

#include <string.h>

#include "load/forms/forms.h"
#include "load/hex/hex.h"
#include "load/log.h"
#include "load/windows/windows_text.h"
#include "parse/acpi/acpi.h"
#include "parse/cpuid.h"
#include "parse/cpuinfo.h"
#include "parse/hardware/memory.h"
#include "parse/hardware/storage.h"
#include "parse/keyval.h"
#include "parse/smbios_names.h"
#include "vbscheck/count.h"

/* Several of one kind ---------------------------------------------------------------------- */

static bool is_before(const struct item *l, const struct item *r)
{
    if (l->data.len != r->data.len)
        return l->data.len > r->data.len;
    return l->data.len > 0 && memcmp(l->data.ptr, r->data.ptr, l->data.len) < 0;
}

/* Items of one kind that differ, the fuller first. */
enum { ALTERNATIVES_MAX = 32 };

struct alternatives {
    const struct item *items[ALTERNATIVES_MAX];
    size_t n;
    const struct item *beyond; /* one more than there is room for */
};

static void add_alternative(struct alternatives *all, const struct item *item)
{
    for (size_t i = 0; i < all->n; i++) {
        if (span_equal(all->items[i]->data, item->data))
            return;
    }
    if (all->n == ALTERNATIVES_MAX) {
        all->beyond = item;
        return;
    }
    size_t at = all->n++;
    for (; at > 0 && is_before(item, all->items[at - 1]); at--)
        all->items[at] = all->items[at - 1];
    all->items[at] = item;
}

/* An item that is left out could contradict the others: then nothing is judged. */
static struct alternatives items_of(struct evidence *e, enum kind kind)
{
    struct alternatives all = {0};
    for (size_t i = 0; i < e->n; i++) {
        if (e->items[i].kind == kind)
            add_alternative(&all, &e->items[i]);
    }
    if (all.beyond != NULL)
        machine_refuses(&e->machine, all.beyond->file,
                        "is one of over 32 files of one kind that differ: give a machine's own");
    return all;
}

static void add(struct evidence *e, const char *name, const char *from, struct span data)
{
    snap_add(e->out, (struct blob){.name = name, .from = from, .st = ST_OK, .data = data});
}

/* Loaders ---------------------------------------------------------------------------------- */

static void load_acpidumps(struct evidence *e)
{
    struct alternatives all = items_of(e, KIND_ACPIDUMP);
    if (all.n > 1)
        machine_differs(&e->machine, all.items[1]->file, all.items[0]->file,
                        "tables (two acpidumps that differ)");
    if (all.n > 0)
        acpidump_load(all.items[0]->data, all.items[0]->file, e->out, &e->dump);
}

/* "tables/dynamic/SSDT1": sysfs has that folder, so its copy holds all tables. */
static bool is_of_sysfs(const char *file)
{
    return strncmp(file, "dynamic/", 8) == 0 || span_find(span_of(file), "/dynamic/", NULL);
}

/* More than any machine has; each is compared with all before it. */
enum { RAW_TABLES_MAX = 256 };

/* A copy of a table that another file holds is ignored. */
static bool is_copy(const struct evidence *e, size_t at)
{
    for (size_t i = 0; i < at && e->raw.n <= RAW_TABLES_MAX; i++) {
        if (e->items[i].kind == KIND_ACPI_TABLE && span_equal(e->items[i].data, e->items[at].data))
            return true;
    }
    return false;
}

static void load_table(struct evidence *e, const char *file, struct span data)
{
    struct span signature = {data.ptr, 4};
    e->raw.from = file;
    e->raw.broken |= e->raw.n > RAW_TABLES_MAX;
    tables_list_head(&e->raw, e->out->arena, signature, 0);
    tables_list_bytes(&e->raw, signature, data);
    if (tables_want(signature))
        tables_add(e->out, signature, (struct blob){.from = file, .st = ST_OK, .data = data});
    else if (!tables_tell_whole(signature))
        notes_add(&e->out->notes, file, "ACPI table %.4s, which no rule uses",
                  (const char *)signature.ptr);
}

/* The first table of a file, as `cat WSMT1 WSMT2` makes one; *rest becomes what follows. */
static struct span take_table(struct span *rest)
{
    struct rd r = rd_open(*rest);
    struct span first = *rest;
    rd_skip(&r, 4);
    uint32_t length = rd_le32(&r);
    *rest = span_skip(first, length);
    if (length < ACPI_HEADER_LEN || sniff(*rest) != KIND_ACPI_TABLE)
        rest->len = 0;
    else
        first.len = length;
    return first;
}

static void load_tables(struct evidence *e)
{
    for (size_t i = 0; i < e->n; i++) {
        const struct item *t = &e->items[i];
        if (t->kind != KIND_ACPI_TABLE)
            continue;
        e->raw.sysfs |= is_of_sysfs(t->file);
        struct span rest = t->data;
        for (size_t n = 0; rest.len > 0 && n <= RAW_TABLES_MAX && !is_copy(e, i); n++)
            load_table(e, t->file, take_table(&rest));
        e->raw.broken |= rest.len > 0 && !is_copy(e, i);
    }
}

static void load_hex(struct evidence *e)
{
    for (size_t i = 0; i < e->n; i++) {
        if (e->items[i].kind == KIND_HEX)
            hex_load(e->items[i].data, e->items[i].file, e->out);
        if (e->items[i].kind == KIND_BASE64)
            base64_load(e->items[i].data, e->items[i].file, e->out);
    }
}

static void load_cpuid(struct evidence *e)
{
    struct alternatives all = items_of(e, KIND_CPUID);
    for (size_t i = 0; i < all.n; i++) {
        const struct item *t = all.items[i];
        struct cpuid c;
        if (cpuid_parse(t->data, e->out->arena, &c, NULL) == ST_OK) {
            uint32_t eax = c.cpus[0].leaf[CPUID_1][CPUID_EAX];
            char brand[49];
            cpuid_brand(&c.cpus[0], brand);
            machine_takes_brand(&e->machine, span_of(arena_text(e->out->arena, span_of(brand))),
                                t->file);
            machine_takes_cpu(&e->machine, cpuid_signature(eax), t->file);
            machine_takes_arch(&e->machine, ARCH_X86, t->file);
        }
        add(e, "cpuid", t->file, t->data);
    }
}

static void load_cpuinfo(struct evidence *e)
{
    struct alternatives all = items_of(e, KIND_CPUINFO);
    for (size_t i = 0; i < all.n; i++) {
        const struct item *t = all.items[i];
        struct cpuinfo c = {0};
        if (cpuinfo_parse(t->data, &c, NULL) == ST_OK && c.x86) {
            struct cpuid_signature cpu = {c.family, c.model, c.stepping};
            machine_takes_brand(&e->machine, c.model_name, t->file);
            machine_takes_cpu(&e->machine, cpu, t->file);
            machine_takes_arch(&e->machine, ARCH_X86, t->file);
        } else if (c.arm64 || c.arm32) {
            machine_takes_arch(&e->machine, ARCH_ARM, t->file);
        }
        add(e, "cpuinfo", t->file, t->data);
    }
}

static void load_lspci(struct evidence *e)
{
    struct alternatives all = items_of(e, KIND_LSPCI);
    struct span texts[ALTERNATIVES_MAX];
    for (size_t i = 0; i < all.n; i++)
        texts[i] = all.items[i]->data;
    if (all.n > 0 && !lspci_load((struct texts){texts, all.n}, all.items[0]->file, e->out))
        notes_add(&e->out->notes, all.items[0]->file, "lspci text that lists no function");
}

static void load_memattr(struct evidence *e)
{
    struct alternatives all = items_of(e, KIND_MEMATTR);
    if (all.n > 1)
        machine_differs(&e->machine, all.items[1]->file, all.items[0]->file,
                        "memory attributes tables");
    if (all.n > 0)
        add(e, "efi/memattr", all.items[0]->file, all.items[0]->data);
}

static void load_windows(struct evidence *e)
{
    struct alternatives all = items_of(e, KIND_WINDOWS);
    struct windows_file files[ALTERNATIVES_MAX];
    for (size_t i = 0; i < all.n; i++)
        files[i] = (struct windows_file){all.items[i]->file, all.items[i]->data};
    windows_load(files, all.n, items_of(e, KIND_DMIDECODE).n > 0, &e->machine, e->out);
}

static void load_logs(struct evidence *e)
{
    struct log_file *logs = arena_new(e->out->arena, struct log_file, e->n);
    size_t n = 0;
    for (size_t i = 0; i < e->n; i++) {
        if (e->items[i].kind == KIND_KERNEL_LOG)
            logs[n++] = (struct log_file){e->items[i].file, e->items[i].data};
    }
    if (n == 0)
        return;
    e->used -= n - log_load(logs, n, &e->machine, e->out);
}

/* dmidecode's text holds serial numbers: only the values of the blob `dmi` are kept. */
static void load_dmi(struct evidence *e)
{
    struct alternatives all = items_of(e, KIND_DMIDECODE);
    struct arena *a = e->out->arena;
    for (size_t i = 0; i < all.n; i++) {
        struct span rest = all.items[i]->data, text;
        while (dmidecode_next(&rest, &text)) {
            machine_takes_dmi(&e->machine, dmidecode_parse(text), all.items[i]->file);
            machine_takes_processor(&e->machine, text, all.items[i]->file);
        }
        struct dmi d = dmidecode_parse(all.items[i]->data);
        add(e, "dmi", all.items[i]->file, dmi_write(&d, a));
    }
}

/* Texts that hold serial numbers and labels: only sizes are read from them. */
static void load_sizes(struct evidence *e)
{
    static const struct {
        enum kind kind;
        const char *blob;
        struct span (*take)(struct span text, struct arena *a);
    } rows[] = {
        {KIND_DMIDECODE, "memory/modules", memory_of_dmidecode},
        {KIND_MEMINFO, "memory/kernel", memory_of_meminfo},
        {KIND_LSBLK, "storage", disks_of_lsblk},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct alternatives all = items_of(e, rows[i].kind);
        for (size_t at = 0; at < all.n; at++) {
            struct span sizes = rows[i].take(all.items[at]->data, e->out->arena);
            if (sizes.len > 0)
                add(e, rows[i].blob, all.items[at]->file, sizes);
        }
    }
}

bool evidence_take_variable(struct evidence *e, const char *file, struct span data)
{
    const char *name = load_variable(file);
    if (name == NULL || form_is_printed(data))
        return false;
    for (size_t i = 0; i < e->out->n; i++) {
        if (strcmp(e->out->blobs[i].name, name) == 0 && !span_equal(e->out->blobs[i].data, data))
            machine_differs(&e->machine, e->out->blobs[i].from, file, "firmware");
    }
    add(e, name, file, data);
    return true;
}

/* Row by row, so that the order of files does not matter; AIDA's dumps have registers as well. */
static void load_forms(struct evidence *e)
{
    struct form_sink to = {.out = e->out, .machine = &e->machine, .first = e->out->n};
    for (unsigned row = 0; row < FORMS_N; row++) {
        for (size_t i = 0; i < e->n; i++) {
            bool aida = forms[row].load == msr_tools_load && e->items[i].kind == KIND_CPUID;
            to.file = e->items[i].file;
            if (e->items[i].kind == (enum kind)(KIND_FORMS + row) || aida)
                forms[row].load(e->items[i].data, &to);
        }
    }
}

static void (*const loaders[])(struct evidence *e) = {
    load_acpidumps, load_tables, load_hex, load_cpuid,   load_cpuinfo, load_lspci,
    load_memattr,   load_logs,   load_dmi, load_windows, load_sizes,   load_forms,
};

void evidence_make_blobs(struct evidence *e)
{
    for (size_t i = 0; i < COUNT(loaders) && e->machine.problem == NULL; i++)
        loaders[i](e);
}
