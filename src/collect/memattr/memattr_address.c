/* SPDX-License-Identifier: MIT */
#include "collect/memattr/memattr_address.h"

#include <string.h>

#include "collect/lines.h"
#include "parse/klog/klog.h"
#include "parse/memattr.h"
#include "parse/version.h"
#include "vbscheck/count.h"

#define LOG "efi/kernel-log"

/* Kernel log: Linux drivers/firmware/efi/efi.c, efi_config_parse_tables() --------------------- */

/* Linux looks for the table since 4.6. */
static bool proves_absence(const struct collector *c, struct blob log)
{
    struct klog k = {0};
    (void)klog_parse(log.data, &k);
    return log.st == ST_OK && klog_tables_lack(&k, "MEMATTR") &&
           version_at_least(span_of(c->release), 4, 6);
}

static enum status find_in_log(struct physmem *m, uint64_t *out)
{
    struct blob log = snap_get(m->c->snap, LOG);
    if (log.st != ST_OK && log.st != ST_TRUNCATED)
        return log.st;
    struct memattr_log told;
    memattr_read_log(log.data, m->c->arena, &told);
    if (!told.has_address && !told.unusable)
        return proves_absence(m->c, log) ? ST_ABSENT : ST_TRUNCATED;
    if (told.unusable)
        return ST_MALFORMED;
    *out = told.address;
    return ST_OK;
}

bool address_is_abandoned(const struct collector *c)
{
    struct memattr_log told;
    memattr_read_log(snap_get(c->snap, LOG).data, c->arena, &told);
    for (size_t i = 0; i < told.n_complaints; i++) {
        struct span m = told.complaints[i];
        if (span_starts(m, "Unexpected EFI Memory Attributes table") ||
            span_find(m, "Corrupted EFI Memory Attributes Table", NULL))
            return true;
    }
    return false;
}

/* /proc/kallsyms: Linux kernel/kallsyms.c, s_show() ------------------------------------------- */

enum { SYMBOLS_MAX = 64 << 20, CHUNK = 64 << 10 };

static const char symbol_name[] = "efi_mem_attr_table";

/* "ffffffff8a2b3c40 D efi_mem_attr_table"; more words follow the name of a module's symbol. */
static bool is_symbol(struct span line, uint64_t *address)
{
    struct span word;
    return span_take_hex(&line, address) && span_next_word(&line, &word) &&
           span_next_word(&line, &word) && span_is(word, symbol_name) && line.len == 0;
}

/* Searches the lines that end within `text`; *rest becomes what follows the last of them. */
static bool find_symbol(struct span text, struct span *rest, uint64_t *address)
{
    const uint8_t *end = text.len > 0 ? memrchr(text.ptr, '\n', text.len) : NULL;
    size_t whole = end != NULL ? (size_t)(end - text.ptr) + 1 : 0;
    struct span lines = {text.ptr, whole}, line;
    *rest = span_skip(text, whole);
    if (whole == 0 || memmem(text.ptr, whole, symbol_name, sizeof symbol_name - 1) == NULL)
        return false;
    while (span_next_line(&lines, &line)) {
        if (is_symbol(line, address))
            return true;
    }
    return false;
}

/* Adds the records of an answer to the rest of the answer before; returns how many bytes. */
static size_t add_records(struct span records, uint8_t *to)
{
    struct ask_item item;
    struct span bytes;
    size_t n = 0;
    while (ask_next_item(&records, &item, &bytes)) {
        if (bytes.len > 0)
            memcpy(to + n, bytes.ptr, bytes.len);
        n += bytes.len;
    }
    return n;
}

/*
 * ST_OK; ST_NO_DRIVER if the kernel has no such symbol, or does not list it; ST_ABSENT if there is
 * no list. Answers are dropped one by one: all of them are many megabytes.
 */
static enum status read_symbols(const struct collector *c, uint64_t *address)
{
    static const struct question q = {.kind = ASK_NEXT, .path = "proc/kallsyms", .size = CHUNK};
    uint8_t *buf = arena_alloc(c->arena, 2, CHUNK);
    size_t kept = 0;
    enum status st = ST_TRUNCATED;
    struct arena once;
    arena_init(&once, SYMBOLS_MAX, c->arena->oom);
    for (size_t all = 0; all < SYMBOLS_MAX && st == ST_TRUNCATED;) {
        struct answer w = {.st = ST_IO_ERROR};
        c->asker->ask(c->asker->context, &q, &once, &w);
        size_t got = w.st == ST_OK ? add_records(w.data, buf + kept) : 0;
        struct span rest = {0};
        if (w.st != ST_OK)
            st = w.st == ST_UNSUPPORTED ? ST_ABSENT : w.st; /* masked by a special file */
        else if (got == 0)
            st = ST_NO_DRIVER;
        else if (find_symbol((struct span){buf, kept + got}, &rest, address))
            st = ST_OK;
        if (st != ST_TRUNCATED)
            break;
        all += got;
        kept = rest.len < CHUNK ? rest.len : 0; /* no line is that long */
        if (kept > 0)
            memmove(buf, rest.ptr, kept);
        arena_reset(&once);
    }
    arena_reset(&once);
    return st;
}

/* The list takes 20 ms to read, and is useless without the kernel's memory. */
static enum status find_in_kernel(struct physmem *m, uint64_t *out)
{
    uint64_t symbol = 0;
    uint8_t bytes[8];
    size_t got = 0;
    enum status st = physmem_open(m, PHYSMEM_KCORE);
    if (st != ST_OK)
        return st;
    st = read_symbols(m->c, &symbol);
    if (st == ST_ABSENT)
        return m->c->live ? ST_NO_DRIVER : ST_NOT_COLLECTED;
    if (st == ST_OK && symbol == 0) /* kernel.kptr_restrict */
        return ST_NO_PERMISSION;
    if (st == ST_OK)
        st = physmem_read_virtual(m, symbol, bytes, sizeof bytes, &got);
    if (st != ST_OK)
        return st == ST_ABSENT ? ST_UNSUPPORTED : st;
    struct rd r = rd_open((struct span){bytes, got});
    uint64_t address = rd_le64(&r);
    if (!rd_ok(&r))
        return ST_TRUNCATED;
    if (address == 0)
        return ST_MALFORMED;
    if (klog_is_no_address(address)) /* the kernel's variable holds this if there is no table */
        return ST_ABSENT;
    *out = address;
    return ST_OK;
}

/* Configuration tables: UEFI specification 2.10, section 4.6 ---------------------------------- */

enum { TABLES_MAX = 64, GUID_BYTES = 16, ENTRY_32 = 20, ENTRY_64 = 24 };

/* dcfa911d-26eb-469f-a220-38b7dc461220 */
static const char memattr_guid[] =
    "\x1d\x91\xfa\xdc\xeb\x26\x9f\x46\xa2\x20\x38\xb7\xdc\x46\x12\x20";

/* Anything may follow the last entry, so no entry ends the array. */
static enum status walk(struct span array, size_t entry, uint64_t *out)
{
    for (struct rd r = rd_open(array); rd_left(&r) >= entry;) {
        bool found = span_is(rd_take(&r, GUID_BYTES), memattr_guid);
        uint64_t address = entry == ENTRY_32 ? rd_le32(&r) : rd_le64(&r);
        if (!found)
            continue;
        if (klog_is_no_address(address))
            return ST_MALFORMED;
        *out = address;
        return ST_OK;
    }
    return ST_TRUNCATED;
}

static enum status find_in_tables(struct physmem *m, uint64_t *out)
{
    struct span line;
    uint64_t array = 0;
    size_t entry = ENTRY_64, got = 0;
    enum status st = lines_read(m->c, "sys/firmware/efi/config_table", &line);
    if (st == ST_ABSENT)
        return m->c->live ? ST_NO_DRIVER : ST_NOT_COLLECTED;
    if (st != ST_OK)
        return st;
    if (!span_number(line, &array) || array == 0)
        return ST_UNSUPPORTED;
    if (lines_read(m->c, "sys/firmware/efi/fw_platform_size", &line) == ST_OK &&
        span_is(line, "32"))
        entry = ENTRY_32;
    uint8_t bytes[TABLES_MAX * ENTRY_64];
    st = physmem_read(m, PHYSMEM_DEVMEM, array, bytes, TABLES_MAX * entry, &got);
    if (st != ST_OK)
        return st == ST_ABSENT ? ST_UNSUPPORTED : st;
    return walk((struct span){bytes, got}, entry, out);
}

const struct address_source address_sources[] = {
    {"kernel-log", find_in_log},
    {"kallsyms", find_in_kernel},
    {"config-table", find_in_tables},
};
const size_t n_address_sources = COUNT(address_sources);
