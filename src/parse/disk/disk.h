/* SPDX-License-Identifier: MIT */
/*
 * Reads the beginning of a disk, a partition or an image: partition tables (UEFI specification,
 * section 5.3, and the older MBR), file systems, and containers of virtual disks.
 */
#ifndef PARSE_DISK_DISK_H
#define PARSE_DISK_DISK_H

#include "vbscheck/span.h"

/* The source of the bytes. `read` returns ST_OK with all of them, or the reason why not. */
struct disk {
    void *context;
    uint64_t size; /* bytes */
    enum status (*read)(void *context, uint64_t at, void *to, size_t n);
};

enum volume_kind {
    VOLUME_OTHER,
    VOLUME_NTFS,
    VOLUME_BITLOCKER, /* encrypted by Windows */
    VOLUME_REFS,
};

/* Bytes at the start of a disk or partition that identify it. */
enum { VOLUME_HEAD = 512 };

/* The kind of a file system, by its first VOLUME_HEAD bytes; fewer are VOLUME_OTHER. */
enum volume_kind volume_kind_of(struct span head);

/*
 * The format of an image that does not hold a disk's bytes directly, from its first VOLUME_HEAD
 * bytes: qemu-img's name for it ("vhdx"), or NULL.
 */
const char *disk_container(struct span head);

/* True for the first bytes of a WIM file (MS-WIM 2.2). */
bool disk_is_wim(struct span head);

struct partition {
    unsigned number; /* as Linux counts: sda3 is 3; 0: the whole input */
    uint64_t start, size;
};

enum { PARTITIONS_MAX = 128 };

struct partitions {
    struct partition items[PARTITIONS_MAX];
    size_t n;
    bool more;    /* there were others */
    bool damaged; /* the table is damaged: some partitions could not be read */
};

/*
 * Reads the partition table. Partitions outside the disk are left out and make the table damaged.
 * Returns ST_OK; ST_ABSENT if there is no table; ST_MALFORMED for one that cannot be used; or why
 * it cannot be read.
 */
enum status disk_partitions(const struct disk *d, struct partitions *out);

#endif
