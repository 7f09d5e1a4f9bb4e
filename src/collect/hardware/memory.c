/* SPDX-License-Identifier: MIT */
/* How much memory is installed, from SMBIOS, and how much of it the kernel has. */
#include "parse/hardware/memory.h"
#include "collect/lines.h"

#define TABLE   "sys/firmware/dmi/tables/DMI"
#define MEMINFO "proc/meminfo"

/* The table holds serial numbers: only the sizes of modules are kept. */
static void fetch_modules(struct collector *c)
{
    struct span table;
    enum status st = ask_file(c->asker, TABLE, &table);
    struct span text = st == ST_OK ? memory_of_smbios(table, c->arena) : (struct span){0};
    if (st == ST_ABSENT || (st == ST_OK && text.len == 0))
        st = ST_NOT_COLLECTED; /* a container masks it, or firmware lacks these structures */
    collect_add(c, "memory/modules", "/" TABLE, st, text);
}

static void fetch(struct collector *c)
{
    struct out o;
    if (collect_wants("memory/modules"))
        fetch_modules(c);
    if (!collect_wants("memory/kernel"))
        return;
    out_init(&o, c->arena);
    enum status st = lines_file(c, &o, "", MEMINFO); /* its first line is MemTotal */
    if (st == ST_OK)
        lines_add(c, "memory/kernel", "/" MEMINFO, &o);
    else
        lines_none(c, "memory/kernel", "/" MEMINFO, st == ST_ABSENT ? ST_NOT_COLLECTED : st);
}

const struct source source_memory = {
    .prefix = "memory/",
    .summary = "Sizes of the memory modules, and how much memory the kernel has",
    .needs = "root for the modules",
    .fetch = fetch,
};
