/* SPDX-License-Identifier: MIT */
#include "parse/hardware/storage.h"

#include "vbscheck/count.h"

enum { SECTOR = 512 }; /* of /sys/block/X/size; the disk's own may differ */

static const struct {
    const char *word;
    enum disk_bus bus;
} bus_words[] = {
    {"unknown", BUS_NOT_TOLD}, {"ata", BUS_ATA},         {"nvme", BUS_NVME},   {"mmc", BUS_MMC},
    {"usb", BUS_USB},          {"virtual", BUS_VIRTUAL}, {"other", BUS_OTHER},
};

static const char *bus_word(enum disk_bus bus)
{
    for (size_t i = 0; i < COUNT(bus_words); i++) {
        if (bus_words[i].bus == bus)
            return bus_words[i].word;
    }
    return bus_words[0].word;
}

/* The blob --------------------------------------------------------------------------------- */

void disk_write(struct out *o, const struct disk *d)
{
    out_bytes(o, (const char *)d->name.ptr, d->name.len);
    out_printf(o, " bus %s", bus_word(d->bus));
    if (d->has_rotational)
        out_printf(o, " rotational %d", d->rotational ? 1 : 0);
    out_printf(o, " removable %d", d->removable ? 1 : 0);
    if (d->bytes > 0)
        out_printf(o, " sectors %llu", (unsigned long long)(d->bytes / SECTOR));
    out_char(o, '\n');
}

static void take_pair(struct disk *d, struct span key, struct span value)
{
    uint64_t n = 0;
    bool number = span_number(value, &n);
    for (size_t i = 0; span_is(key, "bus") && i < COUNT(bus_words); i++) {
        if (span_is(value, bus_words[i].word))
            d->bus = bus_words[i].bus;
    }
    if (span_is(key, "rotational") && number) {
        d->has_rotational = true;
        d->rotational = n != 0;
    }
    if (span_is(key, "removable") && number)
        d->removable = n != 0;
    if (span_is(key, "sectors") && number && n < UINT64_MAX / SECTOR)
        d->bytes = n * SECTOR;
}

void disks_parse(struct span text, struct disks *out)
{
    struct span line, key, value;
    out->n = 0;
    while (out->n < DISKS_MAX && span_next_line(&text, &line)) {
        struct disk d = {0};
        if (!span_next_word(&line, &d.name))
            continue;
        while (span_next_word(&line, &key) && span_next_word(&line, &value))
            take_pair(&d, key, value);
        out->items[out->n++] = d;
    }
}

/* /sys/block ------------------------------------------------------------------------------- */

enum disk_bus disk_bus_of_path(struct span path)
{
    /* USB first: its paths may hold the words of ATA and NVMe, too. */
    static const struct {
        const char *part;
        enum disk_bus bus;
    } parts[] = {
        {"/usb", BUS_USB},        {"devices/virtual/", BUS_VIRTUAL},
        {"/virtio", BUS_VIRTUAL}, {"/nvme", BUS_NVME},
        {"/mmc_host/", BUS_MMC},  {"/ata", BUS_ATA},
        {"/vmbus", BUS_VIRTUAL},  {"/xen", BUS_VIRTUAL},
        {"/vbd-", BUS_VIRTUAL},   {"/fw", BUS_USB}, /* FireWire: external, like USB */
    };
    for (size_t i = 0; i < COUNT(parts); i++) {
        if (span_find(path, parts[i].part, NULL))
            return parts[i].bus;
    }
    return BUS_OTHER;
}

/* lsblk ------------------------------------------------------------------------------------ */

enum column { COL_NAME, COL_ROTA, COL_RM, COL_SIZE, COL_TYPE, COL_TRAN, COL_COUNT };

static const char *const column_names[COL_COUNT] = {"NAME", "ROTA", "RM", "SIZE", "TYPE", "TRAN"};

/* Places of the head's words, their indexes and their number. */
struct head {
    size_t from[COL_COUNT], to[COL_COUNT]; /* to is 0 where there is no such column */
    size_t index[COL_COUNT], words;
};

static bool read_head(struct span line, struct head *out)
{
    struct head h = {0};
    struct span rest = line, word;
    bool first = true, known = false;
    while (span_next_word(&rest, &word)) {
        if (first && !span_is(word, "NAME"))
            return false;
        first = false;
        for (unsigned c = 0; c < COL_COUNT; c++) {
            if (!span_is(word, column_names[c]))
                continue;
            h.from[c] = (size_t)(word.ptr - line.ptr);
            h.to[c] = h.from[c] + word.len;
            h.index[c] = h.words;
            known |= c == COL_ROTA || c == COL_TRAN || c == COL_TYPE;
        }
        h.words++;
    }
    if (known)
        *out = h;
    return known;
}

bool lsblk_is_head(struct span line)
{
    struct head h;
    return read_head(line, &h);
}

/* Numbers are aligned to the end of the head's word, words to its start. */
static struct span aligned_cell(struct span line, const struct head *h, enum column c)
{
    bool right = c == COL_ROTA || c == COL_RM || c == COL_SIZE;
    struct span rest = line, word;
    while (h->to[c] > 0 && span_next_word(&rest, &word)) {
        size_t from = (size_t)(word.ptr - line.ptr);
        if (right ? from + word.len == h->to[c] : from == h->from[c])
            return word;
    }
    return (struct span){0};
}

/*
 * A line as lsblk printed it has all of these in their places. A line that lost its blanks on a
 * page does not: its words would count for the wrong columns.
 */
static bool is_aligned(struct span line, const struct head *h)
{
    for (unsigned c = 0; c < COL_TRAN; c++) {
        if (h->to[c] > 0 && aligned_cell(line, h, (enum column)c).len == 0)
            return false;
    }
    return true;
}

static size_t count_words(struct span line)
{
    size_t n = 0;
    struct span word;
    while (span_next_word(&line, &word))
        n++;
    return n;
}

static struct span nth_word(struct span line, size_t n)
{
    struct span word = {0};
    for (size_t i = 0; i <= n; i++)
        (void)span_next_word(&line, &word);
    return word;
}

/*
 * The cell of an aligned line. In any other line only the name, or a whole line's words by index.
 */
static struct span cell(struct span line, const struct head *h, enum column c)
{
    if (h->to[c] == 0)
        return (struct span){0};
    if (is_aligned(line, h))
        return aligned_cell(line, h, c);
    if (count_words(line) == h->words || c == COL_NAME)
        return nth_word(line, h->index[c]);
    return (struct span){0};
}

/*
 * "476.9G", "465,8G", "512110190592": lsblk counts in powers of 1024, and rounds. An SSD sold with
 * 64 GB is "59.6G", so the result is a little more than the number.
 */
static uint64_t size_of(struct span s)
{
    static const char units[] = "BKMGTP";
    uint64_t whole, tenths = 0;
    if (!span_take_dec(&s, &whole) || whole > UINT64_MAX / 16)
        return 0;
    if (span_starts(s, ".") || span_starts(s, ",")) {
        s = span_skip(s, 1);
        tenths = s.len > 0 && s.ptr[0] >= '0' && s.ptr[0] <= '9' ? s.ptr[0] - '0' : 0;
        while (s.len > 0 && s.ptr[0] >= '0' && s.ptr[0] <= '9')
            s = span_skip(s, 1);
    }
    if (s.len == 0)
        return whole;
    for (unsigned i = 0; units[i] != '\0'; i++) {
        if (s.ptr[0] == (uint8_t)units[i] && whole < UINT64_C(1) << 13)
            return (whole << 10 * i) + (tenths << 10 * i) / 10 + (UINT64_C(1) << 10 * i) / 20;
    }
    return 0;
}

static enum disk_bus bus_of_cells(struct span name, struct span tran)
{
    if (span_starts(name, "nvme") || span_is(tran, "nvme"))
        return BUS_NVME;
    if (span_starts(name, "mmcblk"))
        return BUS_MMC;
    if (span_starts(name, "vd") || span_starts(name, "xvd") || span_is(tran, "virtio"))
        return BUS_VIRTUAL;
    if (span_is(tran, "sata") || span_is(tran, "ata"))
        return BUS_ATA;
    if (span_is(tran, "usb"))
        return BUS_USB;
    return tran.len > 0 ? BUS_OTHER : BUS_NOT_TOLD;
}

/* "sda1", "nvme0n1p1", "mmcblk0p1", "mmcblk0boot0": in a list without types (lsblk -l). */
static bool is_part(struct span name)
{
    bool lettered = span_starts(name, "sd") || span_starts(name, "vd") || span_starts(name, "xvd");
    uint8_t last = name.len > 0 ? name.ptr[name.len - 1] : 0;
    return (lettered && last >= '0' && last <= '9') || span_find(name, "p", NULL) ||
           span_find(name, "boot", NULL);
}

/* A partition's name follows the lines of a drawn tree, or its type is not a disk's. */
static bool is_disk(struct span name, struct span type)
{
    static const char *const others[] = {"loop", "ram", "zram", "sr", "fd", "dm-", "md", "nbd"};
    if (type.len > 0)
        return span_is(type, "disk") && !span_starts(name, "zram");
    for (size_t i = 0; i < COUNT(others); i++) {
        if (span_starts(name, others[i]))
            return false;
    }
    return !is_part(name) &&
           (span_starts(name, "nvme") || span_starts(name, "mmcblk") || span_starts(name, "sd") ||
            span_starts(name, "vd") || span_starts(name, "xvd"));
}

static bool is_plain_name(struct span s)
{
    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')))
            return false;
    }
    return s.len > 0 && s.len < 32;
}

struct span disks_of_lsblk(struct span text, struct arena *a)
{
    struct out o;
    struct head h = {0};
    struct span line;
    size_t n = 0;
    out_init(&o, a);
    while (n < DISKS_MAX && span_next_line(&text, &line)) {
        struct span name =
            line.len > 0 && line.ptr[0] != ' ' ? cell(line, &h, COL_NAME) : (struct span){0};
        if (read_head(line, &h) || !is_plain_name(name) || !is_disk(name, cell(line, &h, COL_TYPE)))
            continue;
        struct span rota = cell(line, &h, COL_ROTA);
        struct disk d = {
            .name = name,
            .bus = bus_of_cells(name, cell(line, &h, COL_TRAN)),
            .has_rotational = span_is(rota, "0") || span_is(rota, "1"),
            .rotational = span_is(rota, "1"),
            .removable = span_is(cell(line, &h, COL_RM), "1"),
            .bytes = size_of(cell(line, &h, COL_SIZE)),
        };
        disk_write(&o, &d);
        n++;
    }
    return out_span(&o);
}
