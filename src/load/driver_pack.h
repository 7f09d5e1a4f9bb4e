/* SPDX-License-Identifier: MIT */
/*
 * Converts driver files, and driver packs that hold some, to lines of the blob `drivers`. Files are
 * recognised by their content; a file that is neither image nor archive is counted.
 */
#ifndef LOAD_DRIVER_PACK_H
#define LOAD_DRIVER_PACK_H

#include "probe/drivers/beside.h"
#include "probe/drivers/image.h"
#include "vbscheck/libs.h"
#include "vbscheck/out.h"

struct pack_options {
    const struct archive_lib *archive; /* NULL: archives are not opened */
    struct image_options image;
};

/* Kinds of files that are not read; one line lists the files of a kind. */
enum pack_left {
    PACK_INSTALLERS, /* programs */
    PACK_NO_LIBRARY, /* archives, if libarchive is missing */
    PACK_FOREIGN,    /* archives of a kind that is not opened */
    PACK_NESTED,     /* archives inside archives, too large or too deep */
    PACK_BESIDE,     /* catalogs and INF files over the cap */
    PACK_LEFT,
};

struct pack {
    struct pack_options options;
    struct arena *arena; /* for what lives as long as the lines */
    struct out *out;
    struct names left[PACK_LEFT];
    struct beside beside;
    struct arena beside_arena;
    size_t skipped;
    enum driver_group group; /* of the examined files; DRIVER_GIVEN unless set */
    uint64_t unpacked;       /* bytes, of the archive at hand */
};

/* Caps on archives: one member is in memory at a time, and the archive that it is in. */
enum {
    PACK_MEMBER_MAX = 20 << 20,        /* bytes */
    PACK_NESTED_MAX = 8 << 20,         /* of an archive inside an archive */
    PACK_NESTED_MEMBER_MAX = 10 << 20, /* of a member of that */
    PACK_DEPTH_MAX = 1,                /* archives around an archive */
    PACK_TOTAL_MAX = 1 << 30,          /* unpacked from one file */
    PACK_MEMBERS_MAX = 1 << 14,
    PACK_BESIDE_MAX = 4 << 20,        /* of catalogs and INF files together */
    PACK_BESIDE_ARENA_MAX = 16 << 20, /* these, their packed form, and the lists made from them */
};

/* `options`, `a` and `out` are borrowed until pack_end(). */
void pack_begin(struct pack *p, const struct pack_options *options, struct arena *a,
                struct out *out);

/* A file that may describe files examined later; borrowed until pack_end(). */
void pack_beside(struct pack *p, const char *path, bool named, struct span data);

/* Looks at one file. `named`: it was given by name. */
void pack_look(struct pack *p, const char *path, bool named, struct span data);

/* Writes the lines about all files. */
void pack_end(struct pack *p);

/* For driver_archive.c --------------------------------------------------------------------- */

/* Looks at a file that is not an archive. */
void pack_image(struct pack *p, const char *path, bool named, struct span data, struct arena *one);

/* True if `size` more bytes may be added to `b`, whose lists are in `kept`. */
bool pack_has_room_beside(const struct beside *b, const struct arena *kept, uint64_t size);

/* Adds to `b`; false where there is no room. */
bool pack_add_beside(struct beside *b, struct arena *kept, const char *path, bool anywhere,
                     struct span data);

/* Memory for a file and its results. Over its limit the judge ends. */
void pack_begin_one(const struct pack *p, struct arena *one);

/* The kind of file that `data` starts like. `PACK_KIND_FOREIGN` is an archive that is not opened.
 */
enum pack_kind { PACK_KIND_OTHER, PACK_KIND_IMAGE, PACK_KIND_ARCHIVE, PACK_KIND_FOREIGN };
enum pack_kind pack_kind_of(struct span data);
enum { PACK_KIND_BYTES = 512 }; /* that decide it */

/* Looks at the members; `depth` archives are around it. */
void pack_archive(struct pack *p, const char *path, struct span data, unsigned depth);

#endif
