/* SPDX-License-Identifier: MIT */
#include "parse/disk/disk.h"

#include <string.h>

#include "vbscheck/count.h"

enum {
    SECTOR = 512, /* the MBR's; the disk's may differ */
    MBR_ENTRIES = 446,
    MBR_ENTRY = 16,
    MBR_COUNT = 4,
    MBR_SIGNATURE = 510,
    TYPE_PROTECTIVE = 0xee,
    LOGICAL_FIRST = 5,   /* the number of the first logical partition */
    LOGICAL_MOST = 64,   /* a chain that is longer goes in a circle */
    GPT_HEADER = 92,     /* UEFI specification, table 5.5 */
    GPT_ENTRY_MIN = 128, /* and powers of two above */
    GPT_ENTRY_MAX = 4096,
    GPT_ENTRIES_MAX = 1024,
};

/* Kinds, by bytes at an offset ----------------------------------------------------------------- */

struct magic {
    size_t at;
    const char *bytes;
    size_t len;
};

static bool has_magic(struct span head, const struct magic *m)
{
    struct span rest = span_skip(head, m->at);
    return rest.len >= m->len && memcmp(rest.ptr, m->bytes, m->len) == 0;
}

enum volume_kind volume_kind_of(struct span head)
{
    static const struct {
        struct magic magic;
        enum volume_kind kind;
    } kinds[] = {
        {{3, "NTFS    ", 8}, VOLUME_NTFS},
        {{3, "-FVE-FS-", 8}, VOLUME_BITLOCKER},
        /* BitLocker To Go looks like FAT; its identifier is in what would be the boot code. */
        {{0x1a8, "\x3b\xd6\x67\x49\x29\x2e\xd8\x4a\x83\x99\xf6\xa3\x39\xe3\xd0\x01", 16},
         VOLUME_BITLOCKER},
        {{3, "ReFS\0\0\0\0", 8}, VOLUME_REFS},
    };
    for (size_t i = 0; head.len >= VOLUME_HEAD && i < COUNT(kinds); i++) {
        if (has_magic(head, &kinds[i].magic))
            return kinds[i].kind;
    }
    return VOLUME_OTHER;
}

const char *disk_container(struct span head)
{
    static const struct {
        struct magic magic;
        const char *name;
    } containers[] = {
        {{0, "vhdxfile", 8}, "vhdx"}, /* MS-VHDX 2.2.1 */
        {{0, "conectix", 8}, "vpc"},  /* the copy of a dynamic VHD's footer */
        {{0, "QFI\xfb", 4}, "qcow2"}, /* QEMU, docs/interop/qcow2.txt */
        {{0, "KDMV", 4}, "vmdk"},     /* a sparse extent */
        {{0, "# Disk DescriptorFile", 21}, "vmdk"},
        {{64, "\x7f\x10\xda\xbe", 4}, "vdi"},
    };
    for (size_t i = 0; i < COUNT(containers); i++) {
        if (has_magic(head, &containers[i].magic))
            return containers[i].name;
    }
    return NULL;
}

bool disk_is_wim(struct span head)
{
    static const struct magic wim = {0, "MSWIM\0\0\0", 8};
    return has_magic(head, &wim);
}

/* Partitions ----------------------------------------------------------------------------------- */

struct finding_parts {
    const struct disk *disk;
    struct partitions *out;
};

/* `start` and `size` in units of `unit` bytes; neither is trusted. */
static void add_part(const struct finding_parts *f, unsigned number, uint64_t start, uint64_t size,
                     uint32_t unit)
{
    uint64_t most = f->disk->size / unit;
    if (size == 0 || start == 0 || start >= most) {
        f->out->damaged |= size != 0;
        return;
    }
    /* An image may be cut: the rest of a partition is still read. */
    f->out->damaged |= size > most - start;
    size = size > most - start ? most - start : size;
    if (f->out->n == PARTITIONS_MAX) {
        f->out->more = true;
        return;
    }
    f->out->items[f->out->n++] = (struct partition){number, start * unit, size * unit};
}

struct mbr_entry {
    uint8_t type;
    uint32_t start, size;
};

static bool is_extended(uint8_t type)
{
    return type == 0x05 || type == 0x0f || type == 0x85;
}

static bool read_mbr(const struct disk *d, uint64_t at, struct mbr_entry out[MBR_COUNT],
                     enum status *st)
{
    uint8_t sector[SECTOR];
    *st = d->read(d->context, at, sector, sizeof sector);
    if (*st != ST_OK || sector[MBR_SIGNATURE] != 0x55 || sector[MBR_SIGNATURE + 1] != 0xaa)
        return false;
    struct rd r = rd_open((struct span){sector, sizeof sector});
    rd_seek(&r, MBR_ENTRIES);
    for (size_t i = 0; i < MBR_COUNT; i++) {
        rd_skip(&r, 4); /* boot flag, and the start in cylinders, heads and sectors */
        out[i].type = rd_u8(&r);
        rd_skip(&r, 3);
        out[i].start = rd_le32(&r);
        out[i].size = rd_le32(&r);
    }
    return rd_ok(&r);
}

/* A chain of tables, each with one partition and the place of the next. */
static void add_logical(const struct finding_parts *f, uint32_t extended)
{
    uint64_t at = extended;
    enum status st = ST_OK;
    for (unsigned i = 0; i < LOGICAL_MOST; i++) {
        struct mbr_entry e[MBR_COUNT];
        if (!read_mbr(f->disk, at * SECTOR, e, &st))
            break;
        add_part(f, LOGICAL_FIRST + i, at + e[0].start, e[0].size, SECTOR);
        if (!is_extended(e[1].type) || e[1].start == 0)
            return;
        at = (uint64_t)extended + e[1].start;
    }
    f->out->damaged = true;
}

static void add_mbr(const struct finding_parts *f, const struct mbr_entry e[MBR_COUNT])
{
    for (unsigned i = 0; i < MBR_COUNT; i++) {
        if (is_extended(e[i].type))
            add_logical(f, e[i].start);
        else if (e[i].type != 0)
            add_part(f, i + 1, e[i].start, e[i].size, SECTOR);
    }
}

/* CRC-32 as in Ethernet; UEFI specifies only its polynomial. */
static uint32_t crc32_add(uint32_t crc, const uint8_t *data, size_t n)
{
    static const uint32_t polynomial = 0xedb88320;
    for (size_t i = 0; i < n; i++) {
        crc ^= data[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ ((crc & 1) != 0 ? polynomial : 0);
    }
    return crc;
}

struct gpt {
    uint64_t entries; /* their first sector */
    uint32_t n, size, crc;
    uint32_t sector; /* bytes */
};

/* UEFI specification, table 5.5. */
static bool read_gpt(const struct disk *d, uint64_t at, uint32_t sector, struct gpt *out,
                     enum status *st)
{
    uint8_t h[GPT_HEADER];
    *st = d->read(d->context, at, h, sizeof h);
    if (*st != ST_OK || memcmp(h, "EFI PART", 8) != 0)
        return false;
    struct rd r = rd_open((struct span){h, sizeof h});
    rd_skip(&r, 12);
    uint32_t size = rd_le32(&r), crc = rd_le32(&r);
    rd_seek(&r, 72);
    *out = (struct gpt){.entries = rd_le64(&r), .sector = sector};
    out->n = rd_le32(&r);
    out->size = rd_le32(&r);
    out->crc = rd_le32(&r);
    memset(h + 16, 0, sizeof crc);
    return rd_ok(&r) && size == GPT_HEADER && ~crc32_add(~0U, h, sizeof h) == crc && out->n > 0 &&
           out->n <= GPT_ENTRIES_MAX && out->size >= GPT_ENTRY_MIN && out->size <= GPT_ENTRY_MAX &&
           out->size % 8 == 0 && out->entries < d->size / sector;
}

/*
 * UEFI specification, table 5.6. Returns ST_MALFORMED if their checksum differs from the header's.
 */
static enum status add_gpt(const struct finding_parts *f, const struct gpt *g)
{
    static const uint8_t unused[16];
    uint32_t crc = ~0U;
    *f->out = (struct partitions){0};
    for (uint32_t i = 0; i < g->n; i++) {
        uint8_t e[GPT_ENTRY_MAX];
        uint64_t at = g->entries * g->sector + (uint64_t)i * g->size;
        enum status st = f->disk->read(f->disk->context, at, e, g->size);
        if (st != ST_OK)
            return st;
        crc = crc32_add(crc, e, g->size);
        struct rd r = rd_open((struct span){e, g->size});
        rd_skip(&r, 32);
        uint64_t first = rd_le64(&r), last = rd_le64(&r);
        if (memcmp(e, unused, sizeof unused) == 0)
            continue;
        if (last < first || last == UINT64_MAX)
            f->out->damaged = true;
        else
            add_part(f, i + 1, first, last - first + 1, g->sector);
    }
    return ~crc == g->crc ? ST_OK : ST_MALFORMED;
}

/* The header after the protective MBR, or its copy in the last sector. */
static enum status find_gpt(const struct finding_parts *f, uint32_t sector)
{
    uint64_t sectors = f->disk->size / sector;
    const uint64_t places[] = {1, sectors - 1};
    enum status worst = ST_MALFORMED;
    for (size_t i = 0; sectors > 1 && i < COUNT(places); i++) {
        struct gpt g;
        enum status st = ST_OK;
        if (read_gpt(f->disk, places[i] * sector, sector, &g, &st))
            st = add_gpt(f, &g);
        else
            st = st == ST_OK ? ST_MALFORMED : st;
        if (st == ST_OK)
            return ST_OK;
        worst = st != ST_MALFORMED && worst == ST_MALFORMED ? st : worst;
    }
    return worst;
}

enum status disk_partitions(const struct disk *d, struct partitions *out)
{
    static const uint32_t sectors[] = {512, 4096};
    const struct finding_parts f = {d, out};
    struct mbr_entry e[MBR_COUNT];
    enum status st = ST_OK;
    *out = (struct partitions){0};
    if (!read_mbr(d, 0, e, &st))
        return st == ST_OK ? ST_ABSENT : st;
    bool protective = false;
    for (size_t i = 0; i < MBR_COUNT; i++)
        protective |= e[i].type == TYPE_PROTECTIVE;
    if (!protective) {
        add_mbr(&f, e);
        return ST_OK;
    }
    for (size_t i = 0; i < COUNT(sectors); i++) {
        st = find_gpt(&f, sectors[i]);
        if (st != ST_MALFORMED)
            return st;
    }
    *out = (struct partitions){0};
    return st;
}
