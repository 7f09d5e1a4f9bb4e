/* SPDX-License-Identifier: MIT */
/*
 * An NTFS volume on a disk, a partition or an image, read by libntfs-3g through calls of our own:
 * in a confined process that has one descriptor, opened for reading, and can only pread() it.
 */
#ifndef VOLUME_VOLUME_H
#define VOLUME_VOLUME_H

#include <stdbool.h>

#include "parse/disk/disk.h"
#include "vbscheck/arena.h"

struct ntfs_lib; /* io/ntfs_lib.h */

/* Part of what a descriptor holds. */
struct volume_device {
    int fd;
    uint64_t start, size; /* bytes */
    uint64_t at;          /* where the library's next read() begins */
};

/* Reads all of it. Returns ST_OK, ST_TRUNCATED beyond the end, or why not. */
enum status device_read(const struct volume_device *d, uint64_t at, void *to, size_t n);

/* The device as parsers of partition tables read it. */
struct disk device_disk(struct volume_device *d);

/* Facts about a volume that need no file of it. */
struct volume_state {
    bool dirty;     /* Windows is to check it (the flag of $Volume) */
    bool unwritten; /* $LogFile holds changes that are not in place yet, or cannot be read */
};

struct volume {
    const struct ntfs_lib *lib;
    struct volume_device device;
    void *ntfs; /* of the library */
    struct volume_state state;
};

/*
 * Opens the NTFS volume that `device` holds; `a` lives as long as it. Returns ST_OK, ST_MALFORMED
 * (it holds none that is sound), ST_IO_ERROR, or ST_UNSUPPORTED where this build has no libntfs-3g.
 * The volume must stay where it is until volume_close().
 */
enum status volume_open(const struct ntfs_lib *lib, const struct volume_device *device,
                        struct arena *a, struct volume *out);
void volume_close(struct volume *v);

/* The kinds of file on a volume. */
enum volume_found {
    FOUND_WHOLE,
    FOUND_ABSENT,
    FOUND_UNREADABLE,
    FOUND_COMPRESSED, /* by Windows, in a way that only Windows reads (WOF) */
    FOUND_ENCRYPTED,  /* by Windows (EFS) */
    FOUND_TOO_LARGE,
};

struct volume_wish {
    const char *path; /* from the root of the volume, "/" between; in any case of letters */
    const char *ends; /* NULL: `path` is a file; else a folder, and the files that end so */
    unsigned depth;   /* folders below that are gone through */
    uint64_t cap;     /* bytes; 0: only whether it is there */
    bool head;        /* the first `cap` bytes are enough */
};

/*
 * Who takes what is found. First begin(), with the bytes that will follow; then these, a piece at a
 * time; then end(), which says how it went. Each returns false where no more is wanted at all.
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
 * Hands over what a wish is for. Of a folder that is not there, or cannot be read, its own path is
 * handed over so. Returns false once the taker wants no more.
 */
bool volume_grant(struct volume *v, const struct volume_wish *w, const struct volume_taker *t,
                  struct arena *a);

/*
 * Whether there is a file of that path, whatever it is: ST_OK, ST_ABSENT, or ST_MALFORMED where the
 * way to it is damaged.
 */
enum status volume_has(struct volume *v, const char *path);

/* The name that the volume's owner gave it, printable and short; "" if none. In `a`. */
const char *volume_label(struct volume *v, struct arena *a);

#endif
