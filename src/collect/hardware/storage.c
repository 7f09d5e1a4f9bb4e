/* SPDX-License-Identifier: MIT */
/* Disks: bus, size, and whether they rotate. No serial number, no model, no label. */
#include <string.h>

#include "collect/lines.h"
#include "parse/hardware/storage.h"

#define BLOCK "sys/block"

/* There can be hundreds of these, and none is a disk. */
static bool is_no_disk(const char *name)
{
    static const char *const starts[] = {"loop", "ram", "zram", "sr", "fd", "dm-", "md", "nbd"};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        if (strncmp(name, starts[i], strlen(starts[i])) == 0)
            return true;
    }
    return name[strcspn(name, " \t\n")] != '\0';
}

static bool number_of(const struct collector *c, const char *disk, const char *file, uint64_t *n)
{
    struct span text;
    return lines_read(c, arena_printf(c->arena, BLOCK "/%s/%s", disk, file), &text) == ST_OK &&
           span_number(text, n);
}

static void put_disk(const struct collector *c, struct out *o, const char *name)
{
    enum { SECTOR = 512 };
    struct disk d = {.name = span_of(name)};
    struct span path;
    uint64_t n = 0;
    if (ask_link(c->asker, arena_printf(c->arena, BLOCK "/%s", name), &path) == ST_OK)
        d.bus = disk_bus_of_path(path);
    if (number_of(c, name, "size", &n) && n < UINT64_MAX / SECTOR)
        d.bytes = n * SECTOR;
    d.has_rotational = number_of(c, name, "queue/rotational", &n);
    d.rotational = d.has_rotational && n != 0;
    d.removable = number_of(c, name, "removable", &n) && n != 0;
    disk_write(o, &d);
}

static void fetch(struct collector *c)
{
    struct out o;
    const char *const *names;
    size_t n = 0, disks = 0;
    out_init(&o, c->arena);
    enum status st = ask_list(c->asker, BLOCK, &names, &n);
    for (size_t i = 0; i < n && disks < DISKS_MAX; i++) {
        if (is_no_disk(names[i]))
            continue;
        put_disk(c, &o, names[i]);
        disks++;
    }
    collect_add(c, "storage", "/" BLOCK, st == ST_ABSENT ? ST_NOT_COLLECTED : st, out_span(&o));
}

const struct source source_storage = {
    .prefix = "storage",
    .summary = "Disks: bus, size, rotating or not; no serial number, no name",
    .needs = "nothing",
    .fetch = fetch,
};
