/* SPDX-License-Identifier: MIT */
/*
 * A Windows in a WIM file: its parts are found here, and libwim unpacks the blocks, in memory. What
 * is found is handed over as a volume's.
 */
#ifndef VOLUME_WIM_H
#define VOLUME_WIM_H

#include "parse/disk/wim.h"
#include "volume/volume.h"

struct wim_lib; /* io/wim_lib.h */
struct wim_block;

struct wim {
    const struct wim_lib *lib;
    struct volume_device device;
    struct arena *arena;
    struct wim_header header;
    struct span table;           /* of resources */
    struct wim_resource folders; /* of the image at hand */
    uint64_t root;               /* where the entries of its root are */
    void *unpack;                /* libwim's */
    uint8_t *stored;             /* room for a block */
    struct wim_block *blocks;    /* the last ones that were read */
};

/*
 * Opens a file. Returns ST_OK; ST_UNSUPPORTED for one whose blocks are too large for memory (solid:
 * install.esd) or that is in several parts; ST_NO_DRIVER without libwim; ST_MALFORMED; or why it
 * cannot be read. What is made in `a` lives as long as *out.
 */
enum status wim_open(const struct wim_lib *lib, const struct volume_device *device, struct arena *a,
                     struct wim *out);
void wim_close(struct wim *w);

/* The name of an image, as the file has it; "" if none. */
const char *wim_name(struct wim *w, unsigned image, struct arena *a);

/* Turns to an image, from 1 on. Returns ST_OK, or why it cannot be looked at. */
enum status wim_choose(struct wim *w, unsigned image);

/* As volume_grant() and volume_has(). */
bool wim_grant(struct wim *w, const struct volume_wish *wish, const struct volume_taker *t,
               struct arena *a);
bool wim_has(struct wim *w, const char *path);

#endif
