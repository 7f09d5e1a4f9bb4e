/* SPDX-License-Identifier: MIT */
/*
 * A Windows on a disk, a partition or an image, read without mounting it: the producer of
 * io/windows/source.h that reads NTFS. The file is opened here, for reading; only confined
 * processes look at its bytes.
 */
#ifndef CLI_VOLUME_VOLUME_H
#define CLI_VOLUME_VOLUME_H

#include "io/windows/source.h"

/* True if `path`, with or without "#N" behind it, exists and is not a folder. */
bool volume_is(const char *path);

/*
 * Hands over the wanted files of the Windows in `path`: a disk, a partition, or an image of either.
 * "#N" behind it chooses partition N; without it there must be exactly one Windows. Paths are made
 * in `a`.
 * Returns ST_OK once everything that can be read was handed over; else why `path` cannot be used,
 * and *problem describes it in words that follow the path.
 */
enum status windows_volume(const char *path, const struct windows_sink *sink, struct arena *a,
                           const char **problem);

/* One Windows, for people: where it is ("/dev/sda#3"), its size, and the name of its volume. */
struct windows_place {
    const char *path, *size, *what;
};

/*
 * The Windows on the disks of this machine, and volumes that may hold one but cannot be looked
 * into. windows_place_at() returns false behind the last. `a` keeps what was found.
 */
struct windows_places;
const struct windows_places *windows_find(struct arena *a);
bool windows_place_at(const struct windows_places *p, size_t i, struct windows_place *out);

#endif
