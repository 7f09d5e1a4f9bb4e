/* SPDX-License-Identifier: MIT */
/*
 * A Windows in a WIM file: this code finds its parts, and libwim unpacks the blocks, in memory.
 * Files are handed over like those of a volume.
 */
#ifndef VOLUME_WIM_H
#define VOLUME_WIM_H

#include "parse/disk/wim.h"
#include "volume/volume.h"

struct wim_lib; /* io/wim_lib.h */
struct wim_block;
struct wim_folder;

struct wim {
    const struct wim_lib *lib;
    struct volume_device device;
    struct arena *arena;
    struct wim_header header;
    struct span table;       /* of resources */
    const uint8_t **by_hash; /* its entries, in the order of their digests */
    size_t n_by_hash;
    struct wim_resource folders; /* of the chosen image */
    uint64_t root;               /* the place of its root's entries */
    void *unpack;                /* libwim's */
    uint8_t *stored;             /* room for a block */
    struct wim_block *blocks;    /* the last ones that were read */
    struct wim_folder *known;    /* folders whose names were read */
    size_t n_known, n_names;
};

/*
 * Opens a file. Returns ST_OK; ST_UNSUPPORTED if its blocks are too large for memory (solid:
 * install.esd) or it has several parts; ST_NO_DRIVER without libwim; ST_MALFORMED; or why it cannot
 * be read. Things made in `a` live as long as *out.
 */
enum status wim_open(const struct wim_lib *lib, const struct volume_device *device, struct arena *a,
                     struct wim *out);
void wim_close(struct wim *w);

/* The name of an image in the file; "" if none. */
const char *wim_name(struct wim *w, unsigned image, struct arena *a);

/* Chooses an image, from 1 on. Returns ST_OK, or why it cannot be looked at. */
enum status wim_choose(struct wim *w, unsigned image);

/* Like volume_grant() and volume_has(). */
bool wim_grant(struct wim *w, const struct volume_wish *wish, const struct volume_taker *t,
               struct arena *a);
bool wim_has(struct wim *w, const char *path);

#endif
