/* SPDX-License-Identifier: MIT */
/*
 * Disks: the blob `storage` (docs/vbscheck-snapshot.5), one per line, "nvme0n1 bus nvme rotational
 * 0 removable 0 sectors 1000215216"; made from /sys/block or from the text of lsblk. It has no
 * serial number, model or label.
 */
#ifndef PARSE_HARDWARE_STORAGE_H
#define PARSE_HARDWARE_STORAGE_H

#include "vbscheck/arena.h"
#include "vbscheck/out.h"
#include "vbscheck/span.h"

enum disk_bus { BUS_NOT_TOLD, BUS_ATA, BUS_NVME, BUS_MMC, BUS_USB, BUS_VIRTUAL, BUS_OTHER };

enum { DISKS_MAX = 64 };

struct disk {
    struct span name; /* borrowed */
    enum disk_bus bus;
    bool has_rotational, rotational;
    bool removable;
    uint64_t bytes; /* 0: unknown */
};

struct disks {
    struct disk items[DISKS_MAX];
    size_t n;
};

/* Appends the line of one disk. */
void disk_write(struct out *o, const struct disk *d);

/* Reads the blob; a line that cannot be understood is skipped. */
void disks_parse(struct span text, struct disks *out);

/* The bus of a disk, by the path that its link in /sys/block points to. */
enum disk_bus disk_bus_of_path(struct span path);

/* True if a line is the head of lsblk's table: NAME first, and columns that are read. */
bool lsblk_is_head(struct span line);

/* The disks in lsblk's output, as text for the blob; "" if it lists none. */
struct span disks_of_lsblk(struct span text, struct arena *a);

#endif
