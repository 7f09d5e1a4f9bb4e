/* SPDX-License-Identifier: MIT */
#include "collect/memattr/kcore.h"

#include <elf.h>

#include "vbscheck/count.h"

enum { PARTS_MAX = 64 /* the most that one read may combine */ };

#define KCORE "proc/kcore"

/* The kernel's address for segments that are not one piece of RAM. */
#define NOWHERE UINT64_MAX

struct program_headers {
    uint64_t offset;
    size_t n;
};

static enum status read_elf_header(const struct asker *by, struct program_headers *out)
{
    uint8_t bytes[sizeof(Elf64_Ehdr)];
    size_t got = 0;
    enum status st = ask_at(by, KCORE, 0, bytes, sizeof bytes, &got);
    if (st != ST_OK)
        return st == ST_UNSUPPORTED ? ST_ABSENT : st; /* containers put /dev/null over it */
    if (got == 0)
        return ST_ABSENT;
    struct rd r = rd_open((struct span){bytes, got});
    bool is_elf = span_is(rd_take(&r, SELFMAG), ELFMAG);
    unsigned class = rd_u8(&r), data = rd_u8(&r);
    rd_seek(&r, offsetof(Elf64_Ehdr, e_type));
    unsigned type = rd_le16(&r);
    rd_seek(&r, offsetof(Elf64_Ehdr, e_phoff));
    uint64_t offset = rd_le64(&r);
    rd_seek(&r, offsetof(Elf64_Ehdr, e_phentsize));
    unsigned entry = rd_le16(&r), n = rd_le16(&r);
    /* With PN_XNUM a section holds the number, and the kernel's core has no sections. */
    if (!rd_ok(&r) || !is_elf || class != ELFCLASS64 || data != ELFDATA2LSB || type != ET_CORE ||
        entry != sizeof(Elf64_Phdr) || n == 0 || n == PN_XNUM)
        return ST_UNSUPPORTED;
    *out = (struct program_headers){offset, n};
    return ST_OK;
}

static bool read_segment(struct rd *r, struct kcore_segment *out)
{
    uint32_t type = rd_le32(r);
    rd_skip(r, 4); /* flags */
    out->offset = rd_le64(r);
    out->start[KCORE_VIRTUAL] = rd_le64(r);
    out->start[KCORE_PHYSICAL] = rd_le64(r);
    out->size = rd_le64(r);
    rd_skip(r, 16); /* size in memory, alignment */
    return rd_ok(r) && type == PT_LOAD;
}

enum status kcore_load(const struct asker *by, struct kcore *out)
{
    struct program_headers table = {0};
    enum status st = read_elf_header(by, &table);
    if (st != ST_OK)
        return st;
    size_t size = table.n * sizeof(Elf64_Phdr), got = 0;
    uint8_t *bytes = arena_alloc(by->arena, size, 1);
    st = ask_at(by, KCORE, table.offset, bytes, size, &got);
    if (st != ST_OK)
        return st;
    if (got < size)
        return ST_UNSUPPORTED;
    struct kcore_segment *segments = arena_new(by->arena, struct kcore_segment, table.n);
    struct kcore k = {.asker = by, .segments = segments};
    for (struct rd r = rd_open((struct span){bytes, size}); rd_left(&r) > 0;) {
        struct kcore_segment *s = &segments[k.n];
        if (!read_segment(&r, s))
            continue;
        k.has_physical = k.has_physical || s->start[KCORE_PHYSICAL] != 0;
        k.n++;
    }
    *out = k;
    return ST_OK;
}

static bool holds(const struct kcore_segment *s, enum kcore_space space, uint64_t address)
{
    uint64_t start = s->start[space];
    return start != NOWHERE && address >= start && address - start < s->size;
}

/* Reads from byte `into` of the segment. Returns ST_OK with at least one byte. */
static enum status read_of_segment(const struct asker *by, const struct kcore_segment *s,
                                   uint64_t into, uint8_t *buf, size_t n, size_t *got)
{
    uint64_t left = s->size - into;
    if (s->offset > UINT64_MAX - into)
        return ST_UNSUPPORTED;
    enum status st = ask_at(by, KCORE, s->offset + into, buf, n < left ? n : (size_t)left, got);
    return st == ST_OK && *got == 0 ? ST_IO_ERROR : st;
}

/* Segments that hold the same address are the same memory: the first readable one is used. */
static enum status read_part(const struct kcore *k, enum kcore_space space, uint64_t address,
                             uint8_t *buf, size_t n, size_t *got)
{
    enum status st = ST_ABSENT;
    for (size_t i = 0; i < k->n; i++) {
        const struct kcore_segment *s = &k->segments[i];
        if (!holds(s, space, address))
            continue;
        st = read_of_segment(k->asker, s, address - s->start[space], buf, n, got);
        if (st == ST_OK)
            return ST_OK;
    }
    return st;
}

enum status kcore_read(const struct kcore *k, enum kcore_space space, uint64_t address, void *buf,
                       size_t n, size_t *got)
{
    if (space == KCORE_PHYSICAL && !k->has_physical)
        return ST_NO_DRIVER;
    size_t at = 0;
    enum status st = ST_OK;
    for (unsigned i = 0; i < PARTS_MAX && at < n && at <= UINT64_MAX - address; i++) {
        size_t part = 0;
        st = read_part(k, space, address + at, (uint8_t *)buf + at, n - at, &part);
        if (st != ST_OK)
            break;
        at += part;
    }
    *got = at;
    return at > 0 ? ST_OK : st;
}
