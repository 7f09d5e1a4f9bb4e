/* SPDX-License-Identifier: MIT */
/* Shared by the two files that read WIM. */
#ifndef VOLUME_WIM_PARTS_H
#define VOLUME_WIM_PARTS_H

#include "volume/wim.h"

/* An entry of a folder. */
struct wim_item {
    const char *name;
    uint32_t attributes, tag;
    uint64_t folder; /* where its own entries are */
    uint8_t hash[WIM_HASH];
};

enum { WIM_FOLDER = 0x10 }; /* attribute, MS-FSCC 2.6 */

/* Reads exactly `n` bytes at `at`. Returns ST_OK, or why not. */
enum status wim_read(struct wim *w, const struct wim_resource *r, uint64_t at, void *to, size_t n);

/*
 * Reads the entry at *at, which moves behind it; its name is made in `a`. Returns ST_ABSENT at the
 * end of a folder.
 */
enum status wim_take(struct wim *w, uint64_t *at, struct arena *a, struct wim_item *out);

/*
 * Finds a name among the entries of the folder at `folder`. Each folder of an image is read once.
 * Returns ST_OK, ST_ABSENT, or why the folder cannot be read: ST_TRUNCATED for an image with too
 * many names.
 */
enum status wim_look_up(struct wim *w, uint64_t folder, struct span name, struct arena *a,
                        struct wim_item *out);

/* Finds the resource with that digest; false if there is none. */
bool wim_find(const struct wim *w, struct span hash, struct wim_resource *out);

#endif
