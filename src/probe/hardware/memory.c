/* SPDX-License-Identifier: MIT */
/*
 * Whether 8 GB of memory are installed. SMBIOS lists the modules. MemTotal is lower than their sum,
 * since firmware and a graphics processor reserve part of it: on metal 7 GiB or more count as 8 GB,
 * since no usual set of modules has 7; a VM can have any size, and loses little of it. A lower
 * MemTotal proves nothing, since the kernel may have been given only a part.
 */
#include "parse/hardware/memory.h"

#include "probe/probe.h"

#define MODULES "memory/modules"
#define KERNEL  "memory/kernel"

enum { WANTED_MIB = 8192, TAKEN_FOR_IT_MIB = 7168, TAKEN_ELSEWHERE_MIB = 7680 };

static const char *const wants[] = {MODULES, KERNEL, NULL};

static const enum fact_id gives[] = {FACT_MEMORY_INSTALLED, FACT_MEMORY_TOTAL, FACT_MEMORY_8_GB,
                                     FACT_NONE};

/* ST_OK with the sum, or why it is unknown. A list that lacks slots gives a lower bound. */
static enum status installed(const struct probe_run *p, uint64_t *mib, bool *whole)
{
    const struct blob b = snap_get(p->snap, MODULES);
    if (b.st != ST_OK)
        return b.st == ST_ABSENT ? ST_NOT_COLLECTED : b.st;
    struct memory_modules m = memory_modules_parse(b.data);
    *mib = m.mib;
    *whole = m.not_sized == 0 && m.told > 0 && m.slots >= m.told;
    return m.mib > 0 ? ST_OK : ST_MALFORMED;
}

static enum status total(const struct probe_run *p, uint64_t *mib)
{
    const struct blob b = snap_get(p->snap, KERNEL);
    if (b.st != ST_OK)
        return b.st == ST_ABSENT ? ST_NOT_COLLECTED : b.st;
    return memory_total_parse(b.data, mib) ? ST_OK : ST_MALFORMED;
}

static void set(const struct probe_run *p, enum fact_id id, enum status st, uint64_t mib,
                const char *blob)
{
    if (st == ST_OK)
        facts_uint(p->facts, id, mib, origin_of(blob));
    else
        facts_unknown(p->facts, id, st, origin_of(blob));
}

static void run(const struct probe_run *p)
{
    uint64_t fitted = 0, seen = 0;
    bool whole = false;
    enum status st = installed(p, &fitted, &whole), kernel = total(p, &seen);
    struct origin modules = origin_of(MODULES);
    set(p, FACT_MEMORY_INSTALLED, st == ST_OK && !whole ? ST_TRUNCATED : st, fitted, MODULES);
    set(p, FACT_MEMORY_TOTAL, kernel, seen, KERNEL);
    bool enough_fitted = st == ST_OK && fitted >= WANTED_MIB;
    uint64_t least = p->facts->viewpoint == VIEW_METAL ? TAKEN_FOR_IT_MIB : TAKEN_ELSEWHERE_MIB;
    bool enough_seen = kernel == ST_OK && seen >= least;
    if (enough_fitted)
        facts_bool(p->facts, FACT_MEMORY_8_GB, true, modules);
    else if (enough_seen && st == ST_OK && whole)
        facts_unknown(p->facts, FACT_MEMORY_8_GB, ST_CONFLICT, modules);
    else if (enough_seen)
        facts_bool(p->facts, FACT_MEMORY_8_GB, true, origin_of(KERNEL));
    else if (st == ST_OK && whole)
        facts_bool(p->facts, FACT_MEMORY_8_GB, false, modules);
    else
        facts_unknown(p->facts, FACT_MEMORY_8_GB, st == ST_OK ? ST_TRUNCATED : st, modules);
}

const struct probe probe_memory = {
    .name = "memory",
    .summary = "How much memory is installed",
    .wants = wants,
    .gives = gives,
    .run = run,
};
