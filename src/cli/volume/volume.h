/* SPDX-License-Identifier: MIT */
/*
 * A Windows on a disk, a partition or an image, read without mounting it: the producer of
 * io/windows/source.h that looks into NTFS. The file is opened here, for reading; whatever looks at
 * its bytes is confined.
 */
#ifndef CLI_VOLUME_VOLUME_H
#define CLI_VOLUME_VOLUME_H

#include "io/windows/source.h"

/*
 * True if `path`, with or without "#N" behind it, is there and no folder.
 */
bool volume_is(const char *path);

/*
 * Hands over what is wanted of the Windows in `path`: a disk, a partition, an image of either.
 * "#N" behind it chooses partition N; without it there must be one Windows and no more. Paths are
 * made in `a`.
 * Returns ST_OK once everything was handed over, or what could be read of it; else why `path`
 * cannot be used, and *problem says it in words that follow the path.
 */
enum status windows_volume(const char *path, const struct windows_sink *sink, struct arena *a,
                           const char **problem);

/* One Windows, for people: where it is ("/dev/sda#3"), its size, and what the volume is called. */
struct windows_place {
    const char *path, *size, *what;
};

/*
 * The next of the Windows on the disks of this machine, or what may be one and cannot be looked
 * into. Returns false behind the last. `a` keeps what was found.
 */
struct windows_places;
const struct windows_places *windows_find(struct arena *a);
bool windows_place_at(const struct windows_places *p, size_t i, struct windows_place *out);

#endif
