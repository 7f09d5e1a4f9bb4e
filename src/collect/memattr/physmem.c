/* SPDX-License-Identifier: MIT */
#include "collect/memattr/physmem.h"

#include "collect/lines.h"
#include "parse/klog/klog.h"
#include "vbscheck/efi_memory.h"

#define RUNTIME_MAP "sys/firmware/efi/runtime-map"
#define EFI_DEBUG   "sys/kernel/debug/efi"

enum { BOOT_SERVICES_DATA = 4 /* type of EFI memory */ };

/* Lockdown: Linux include/linux/security.h --------------------------------------------------- */

enum mode { MODE_NONE, MODE_INTEGRITY, MODE_CONFIDENTIALITY };

/*
 * Without securityfs the log shows that there is a mode, but not which one: a denial to root means
 * the mode that forbids it.
 */
static enum mode lockdown_mode(const struct collector *c)
{
    struct span line;
    if (lines_read(c, "sys/kernel/security/lockdown", &line) == ST_OK) {
        if (span_find(line, "[confidentiality]", NULL))
            return MODE_CONFIDENTIALITY;
        return span_find(line, "[integrity]", NULL) ? MODE_INTEGRITY : MODE_NONE;
    }
    struct klog log = {0};
    (void)klog_parse(snap_get(c->snap, "efi/kernel-log").data, &log);
    return log.lockdown && c->from->user == 0 ? MODE_CONFIDENTIALITY : MODE_NONE;
}

/* Opening ------------------------------------------------------------------------------------ */

static enum status open_kcore(struct physmem *m)
{
    return kcore_load(m->c->asker, &m->kcore);
}

/* Only reading shows whether there is such a device. */
static enum status open_devmem(struct physmem *m)
{
    (void)m;
    return ST_OK;
}

/* The file depends on the address. */
static enum status open_debugfs(struct physmem *m)
{
    return ask_exists(m->c->asker, EFI_DEBUG);
}

/* Reading ------------------------------------------------------------------------------------ */

static enum status read_kcore(struct physmem *m, uint64_t address, uint8_t *buf, size_t n,
                              size_t *got)
{
    return kcore_read(&m->kcore, KCORE_PHYSICAL, address, buf, n, got);
}

static enum status read_devmem(struct physmem *m, uint64_t address, uint8_t *buf, size_t n,
                               size_t *got)
{
    enum status st = ask_memory(m->c->asker, address, buf, n, got);
    return st == ST_NO_DRIVER && !m->c->live ? ST_NOT_COLLECTED : st;
}

static enum status map_number(const struct collector *c, unsigned i, const char *field,
                              uint64_t *out)
{
    struct span line;
    enum status st = lines_read(c, arena_printf(c->arena, RUNTIME_MAP "/%u/%s", i, field), &line);
    return st == ST_OK && !span_number(line, out) ? ST_UNSUPPORTED : st;
}

/*
 * The kernel numbers the files in the order of its map of EFI memory, as it numbers the folders of
 * runtime-map, and makes at most 32: drivers/firmware/efi/efi.c, efi_debugfs_init(); runtime-map.c,
 * efi_runtime_map_init().
 */
static enum status find_region(struct physmem *m, uint64_t address, unsigned *number)
{
    enum { MAP_ENTRIES = 4096, FILES_MAX = 32 };
    unsigned seen = 0;
    for (unsigned i = 0; i < MAP_ENTRIES && seen < FILES_MAX; i++) {
        uint64_t type = 0, start = 0, pages = 0;
        enum status st = map_number(m->c, i, "type", &type);
        if (st == ST_OK && type != BOOT_SERVICES_DATA)
            continue;
        if (st == ST_OK)
            st = map_number(m->c, i, "phys_addr", &start);
        if (st == ST_OK)
            st = map_number(m->c, i, "num_pages", &pages);
        if (st != ST_OK)
            return st;
        if (address >= start && (address - start) >> EFI_PAGE_SHIFT < pages) {
            m->region_start = start;
            m->region_size =
                pages > UINT64_MAX >> EFI_PAGE_SHIFT ? UINT64_MAX : pages << EFI_PAGE_SHIFT;
            *number = seen;
            return ST_OK;
        }
        seen++;
    }
    return ST_ABSENT;
}

static enum status find_file(struct physmem *m, uint64_t address)
{
    if (m->region_path != NULL && address >= m->region_start &&
        address - m->region_start < m->region_size)
        return ST_OK;
    unsigned number = 0;
    enum status st = find_region(m, address, &number);
    m->region_path =
        st == ST_OK ? arena_printf(m->c->arena, EFI_DEBUG "/boot_services_data%u", number) : NULL;
    return st;
}

static enum status read_debugfs(struct physmem *m, uint64_t address, uint8_t *buf, size_t n,
                                size_t *got)
{
    enum status st = find_file(m, address);
    if (st != ST_OK)
        return st;
    uint64_t into = address - m->region_start, left = m->region_size - into;
    st = ask_at(m->c->asker, m->region_path, into, buf, n < left ? n : (size_t)left, got);
    return st == ST_OK && *got == 0 ? ST_ABSENT : st;
}

/* All ---------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *path;
    enum mode forbidden; /* the first mode that forbids it */
    enum status (*open)(struct physmem *m);
    enum status (*read)(struct physmem *m, uint64_t address, uint8_t *buf, size_t n, size_t *got);
} ways[PHYSMEM_WAYS] = {
    [PHYSMEM_KCORE] = {"kcore", "/proc/kcore", MODE_CONFIDENTIALITY, open_kcore, read_kcore},
    [PHYSMEM_DEVMEM] = {"devmem", "/dev/mem", MODE_INTEGRITY, open_devmem, read_devmem},
    [PHYSMEM_DEBUGFS] = {"debugfs", "/" EFI_DEBUG, MODE_INTEGRITY, open_debugfs, read_debugfs},
};

void physmem_init(struct physmem *m, const struct collector *c)
{
    *m = (struct physmem){.c = c};
}

const char *physmem_name(enum physmem_way way)
{
    return ways[way].name;
}

const char *physmem_path(enum physmem_way way)
{
    return ways[way].path;
}

/* To callers TRUNCATED means their own data is short, never a file consulted on the way. */
static enum status explain(const struct physmem *m, enum physmem_way way, enum status st)
{
    if (st == ST_NO_PERMISSION && lockdown_mode(m->c) >= ways[way].forbidden)
        return ST_LOCKDOWN;
    return st == ST_TRUNCATED ? ST_UNSUPPORTED : st;
}

enum status physmem_open(struct physmem *m, enum physmem_way way)
{
    if (!m->ways[way].tried) {
        enum status st = explain(m, way, ways[way].open(m));
        if (st == ST_ABSENT)
            st = m->c->live ? ST_NO_DRIVER : ST_NOT_COLLECTED;
        m->ways[way].st = st;
        m->ways[way].tried = true;
    }
    return m->ways[way].st;
}

enum status physmem_read(struct physmem *m, enum physmem_way way, uint64_t address, void *buf,
                         size_t n, size_t *got)
{
    enum status st = physmem_open(m, way);
    return st == ST_OK ? explain(m, way, ways[way].read(m, address, buf, n, got)) : st;
}

enum status physmem_read_virtual(struct physmem *m, uint64_t address, void *buf, size_t n,
                                 size_t *got)
{
    enum status st = physmem_open(m, PHYSMEM_KCORE);
    return st == ST_OK ? kcore_read(&m->kcore, KCORE_VIRTUAL, address, buf, n, got) : st;
}
