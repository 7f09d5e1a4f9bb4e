/* SPDX-License-Identifier: MIT */
/*
 * An NTFS volume on a disk, a partition or an image. libntfs-3g reads it through our own calls, in
 * a confined process with one descriptor, opened for reading, which it can only pread().
 */
#ifndef VOLUME_VOLUME_H
#define VOLUME_VOLUME_H

#include <stdbool.h>

#include "parse/disk/disk.h"
#include "vbscheck/arena.h"

struct ntfs_lib; /* io/ntfs_lib.h */

/* A part of the file behind a descriptor. */
struct volume_device {
    int fd;
    uint64_t start, size; /* bytes */
    uint64_t at;          /* where the library's next read() begins */
};

/* Reads exactly `n` bytes. Returns ST_OK, ST_TRUNCATED beyond the end, or why not. */
enum status device_read(const struct volume_device *d, uint64_t at, void *to, size_t n);

/* The device, for parsers of partition tables. */
struct disk device_disk(struct volume_device *d);

/* Facts about a volume that need none of its files. */
struct volume_state {
    bool dirty;     /* Windows must check it (the flag of $Volume) */
    bool unwritten; /* $LogFile holds changes that are not in place yet, or cannot be read */
};

struct volume {
    const struct ntfs_lib *lib;
    struct volume_device device;
    void *ntfs; /* the library's volume */
    struct volume_state state;
};

/*
 * Opens the NTFS volume on `device`; `a` lives as long as it. Returns ST_OK, ST_MALFORMED (not a
 * sound NTFS volume), ST_IO_ERROR, or ST_UNSUPPORTED if this build has no libntfs-3g. *out must not
 * move in memory until volume_close().
 */
enum status volume_open(const struct ntfs_lib *lib, const struct volume_device *device,
                        struct arena *a, struct volume *out);
void volume_close(struct volume *v);

/* States of a file on a volume. */
enum volume_found {
    FOUND_WHOLE,
    FOUND_ABSENT,
    FOUND_UNREADABLE,
    FOUND_COMPRESSED, /* by Windows (WOF): only Windows reads it */
    FOUND_ENCRYPTED,  /* by Windows (EFS) */
    FOUND_TOO_LARGE,
};

struct volume_wish {
    const char *path; /* from the root of the volume, "/" between; in any case of letters */
    const char *ends; /* NULL: `path` is a file; else a folder; its wanted files end so */
    unsigned depth;   /* folders below that are gone through */
    uint64_t cap;     /* bytes; 0: only whether it is there */
    bool head;        /* the first `cap` bytes are enough */
};

/*
 * The receiver of the files. First begin(), with the number of bytes that follow; then the bytes, a
 * piece at a time; then end(), with the result. Each returns false if nothing more is wanted.
 */
struct volume_taker {
    void *context;
    bool (*begin)(void *context, const char *path, uint64_t size);
    bool (*piece)(void *context, struct span bytes);
    bool (*end)(void *context, enum volume_found found);
};

enum {
    VOLUME_ENTRIES_MAX = 1 << 17, /* names that one wish may look at */
    VOLUME_DEPTH_MAX = 16,
    VOLUME_PATH_MAX = 1024,
    VOLUME_PIECE = 256 << 10,
};

/*
 * Hands over the files of a wish. A folder that is absent, or cannot be read, is handed over by its
 * own path. Returns false once the taker wants no more.
 */
bool volume_grant(struct volume *v, const struct volume_wish *w, const struct volume_taker *t,
                  struct arena *a);

/*
 * Does a file or folder with that path exist? ST_OK, ST_ABSENT, or ST_MALFORMED if the way to it is
 * damaged.
 */
enum status volume_has(struct volume *v, const char *path);

/* The name that the owner gave the volume, printable and short; "" if none. Made in `a`. */
const char *volume_label(struct volume *v, struct arena *a);

#endif
