/* SPDX-License-Identifier: MIT */
/*
 * The bytes of the UEFI Memory Attributes Table (UEFI specification 2.10, section 4.6). Linux has
 * no file for them: its log names their address, and they are read out of memory.
 */
#include "parse/memattr.h"

#include <string.h>

#include "collect/lines.h"
#include "collect/memattr/memattr_address.h"
#include "collect/memattr/physmem.h"
#include "vbscheck/count.h"

#define BYTES "efi/memattr"
#define STEPS "efi/memattr-steps"
#define EFI   "sys/firmware/efi"

/* The state of one search for the table. */
struct hunt {
    struct collector *c;
    struct physmem *memory;
    struct out steps;
    enum status st;
    const char *from;
    struct span bytes;
};

static void put_step(struct hunt *h, const char *what, const char *where, enum status st)
{
    out_printf(&h->steps, "%s %s %s\n", what, where, status_name(st));
}

/* Is there no remedy for this reason? Then any other reason is more helpful. */
static bool is_idle(enum status st)
{
    return st == ST_NO_DRIVER || st == ST_NOT_COLLECTED;
}

/* Bytes -------------------------------------------------------------------------------------- */

/*
 * Returns ST_OK; ST_TRUNCATED or ST_MALFORMED, with the bytes that exist or with those of the
 * header; or why this way has none.
 */
static enum status read_table(struct hunt *h, enum physmem_way way, uint64_t address)
{
    uint8_t header[MEMATTR_HEADER];
    size_t got = 0, need = 0;
    enum status st = physmem_read(h->memory, way, address, header, sizeof header, &got);
    if (st != ST_OK)
        return st;
    bool is_whole = got == sizeof header, is_sane = false;
    if (is_whole)
        is_sane = memattr_is_sane((struct span){header, got}, &need);
    size_t room = is_sane ? need : got, rest = 0;
    uint8_t *bytes = arena_alloc(h->c->arena, room, 1);
    memcpy(bytes, header, got);
    if (is_sane)
        (void)physmem_read(h->memory, way, address + got, bytes + got, need - got, &rest);
    h->bytes = (struct span){bytes, got + rest};
    if (!is_whole || got + rest < room)
        return ST_TRUNCATED;
    return is_sane ? ST_OK : ST_MALFORMED;
}

static bool has_bytes(enum status st)
{
    return st == ST_OK || st == ST_TRUNCATED || st == ST_MALFORMED;
}

/* Sets the result; returns ST_MALFORMED if there are bytes without a header at their start. */
static enum status take_bytes(struct hunt *h, uint64_t address)
{
    enum status reason = ST_NOT_COLLECTED;
    for (unsigned i = 0; i < PHYSMEM_WAYS; i++) {
        enum physmem_way way = (enum physmem_way)i;
        enum status st = read_table(h, way, address);
        if (has_bytes(st)) {
            out_printf(&h->steps, "bytes %s %s %zu\n", physmem_name(way), status_name(st),
                       h->bytes.len);
            h->from = physmem_path(way);
            h->st = st == ST_TRUNCATED ? st : ST_OK; /* valid or not, they were read */
            return st;
        }
        put_step(h, "bytes", physmem_name(way), st);
        /* /proc/kcore is the way to RAM; other ways normally do not reach it. */
        if (way == PHYSMEM_KCORE)
            reason = st == ST_ABSENT ? ST_NO_DRIVER : st;
        else if (st == ST_LOCKDOWN && is_idle(reason))
            reason = st;
    }
    h->st = reason;
    return reason;
}

/* Address ------------------------------------------------------------------------------------ */

/*
 * If /proc/kcore is closed, report that first: without it the address is of little use. A closed
 * list of symbols or /dev/mem matters less: a complete log replaces them.
 */
static bool is_stronger(struct hunt *h, enum status st, enum status before)
{
    if (is_idle(before))
        return st != ST_NOT_COLLECTED;
    bool is_shut = st == ST_NO_PERMISSION || st == ST_LOCKDOWN;
    return is_shut && st == physmem_open(h->memory, PHYSMEM_KCORE);
}

/* Returns ST_OK with an address, ST_ABSENT or ST_MALFORMED if there can be none, or a reason. */
static enum status ask(struct hunt *h, size_t source, uint64_t *address)
{
    enum status st = address_sources[source].find(h->memory, address);
    if (st == ST_OK)
        out_printf(&h->steps, "address %s 0x%llx\n", address_sources[source].name,
                   (unsigned long long)*address);
    else
        put_step(h, "address", address_sources[source].name, st);
    return st;
}

/* Returns ST_MALFORMED if there is no table at the address. */
static enum status follow(struct hunt *h, uint64_t address)
{
    if (!address_is_abandoned(h->c))
        return take_bytes(h, address);
    put_step(h, "bytes", "kernel-log", ST_UNSUPPORTED);
    h->st = ST_UNSUPPORTED;
    return h->st;
}

/*
 * A log in a tree may be from another boot: if there is no table at its address, the next source is
 * asked.
 */
static void hunt(struct hunt *h)
{
    uint64_t last = 0;
    for (size_t i = 0; i < n_address_sources; i++) {
        uint64_t address = 0;
        enum status st = ask(h, i, &address);
        if (st == ST_ABSENT || (st == ST_MALFORMED && last == 0)) {
            h->st = st;
            return;
        }
        if (st != ST_OK && last == 0 && is_stronger(h, st, h->st))
            h->st = st;
        if (st != ST_OK || address == last)
            continue;
        last = address;
        if (follow(h, address) != ST_MALFORMED || h->c->live)
            return;
    }
}

/* Fetch -------------------------------------------------------------------------------------- */

/* Why not to look for it; ST_OK: look. */
static enum status look_at_machine(const struct collector *c)
{
    enum status platform = snap_get(c->snap, "efi/platform").st;
    if (platform == ST_ABSENT)
        return ST_NOT_UEFI;
    if (platform != ST_OK && !lines_exists(c, EFI))
        return ST_NOT_COLLECTED;
    /* To a paravirtualised Xen domain firmware reports addresses that are not its own. */
    struct span guest;
    if (lines_read(c, "sys/hypervisor/guest_type", &guest) == ST_OK && span_is(guest, "PV"))
        return ST_UNSUPPORTED;
    return ST_OK;
}

static void fetch(struct collector *c)
{
    struct physmem memory;
    physmem_init(&memory, c);
    struct hunt h = {.c = c, .memory = &memory, .from = "/proc/kcore"};
    out_init(&h.steps, c->arena);
    h.st = look_at_machine(c);
    if (h.st == ST_OK) {
        h.st = ST_NOT_COLLECTED;
        hunt(&h);
    }
    collect_add(c, BYTES, h.from, h.st, h.bytes);
    if (h.steps.len > 0)
        lines_add(c, STEPS, NULL, &h.steps);
    else
        lines_none(c, STEPS, NULL, h.st);
}

const struct source source_memattr = {
    .prefix = BYTES,
    .summary = "The UEFI Memory Attributes Table, read from memory",
    .needs = "root, and a kernel that is not locked down to confidentiality",
    .fetch = fetch,
};
