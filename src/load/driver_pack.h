/* SPDX-License-Identifier: MIT */
/*
 * Driver files, and driver packs (zip, cab, 7z) that hold some, to lines of the blob `drivers`.
 * Files are told by their content; a file that is neither image nor archive is counted.
 */
#ifndef LOAD_DRIVER_PACK_H
#define LOAD_DRIVER_PACK_H

#include "probe/drivers/image.h"
#include "vbscheck/libs.h"
#include "vbscheck/out.h"

struct pack_options {
    const struct archive_lib *archive; /* NULL: archives are not opened */
    struct image_options image;
};

struct pack {
    const struct pack_options *options;
    struct arena *arena; /* for what lives as long as the lines */
    struct out *out;
    struct names installers, unopened;
    size_t skipped;
};

/* Caps on archives: one member is in memory at a time. */
enum {
    PACK_MEMBER_MAX = 20 << 20, /* bytes */
    PACK_TOTAL_MAX = 1 << 30,   /* bytes unpacked from one archive */
    PACK_MEMBERS_MAX = 1 << 14,
};

/* `options`, `a` and `out` are borrowed until pack_end(). */
void pack_begin(struct pack *p, const struct pack_options *options, struct arena *a,
                struct out *out);

/* Looks at one file. `named`: it was given by name. */
void pack_look(struct pack *p, const char *path, bool named, struct span data);

/* Writes what is to be said of all. */
void pack_end(struct pack *p);

#endif
