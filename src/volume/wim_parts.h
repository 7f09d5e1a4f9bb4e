/* SPDX-License-Identifier: MIT */
/* Shared by the two files that read WIM. */
#ifndef VOLUME_WIM_PARTS_H
#define VOLUME_WIM_PARTS_H

#include "volume/wim.h"

/* Reads exactly `n` bytes at `at`. Returns ST_OK, or why not. */
enum status wim_read(struct wim *w, const struct wim_resource *r, uint64_t at, void *to, size_t n);

/* Finds the resource with that digest; false if there is none. */
bool wim_find(const struct wim *w, struct span hash, struct wim_resource *out);

#endif
