/* SPDX-License-Identifier: MIT */
/* Finds files beside drivers that may describe them: catalogs and INF files, by name. */
#ifndef IO_DRIVER_BESIDE_H
#define IO_DRIVER_BESIDE_H

#include "io/driver_files.h"

enum { DRIVER_BESIDE_MAX = 256 }; /* for a batch */

struct beside_path {
    struct driver_path file;
    size_t folder; /* bytes of its path before its name */
    size_t mark;   /* the last selection that it was in */
};

struct driver_beside {
    struct beside_path *items;
    size_t n;
    size_t selections;
    bool catalogs;   /* there is one among them */
    size_t left_out; /* of the last selection */
};

/*
 * Finds those among `files`, and those in the folder of a file that was given itself. A folder that
 * cannot be listed counts as empty.
 */
void driver_beside_find(const struct driver_paths *files, struct arena *a,
                        struct driver_beside *out);

/*
 * Selects those in the folders of `files` and above them, and all that were given themselves.
 * Returns how many, at most DRIVER_BESIDE_MAX, are in `out`; b->left_out becomes how many more
 * there are.
 */
size_t driver_beside_select(struct driver_beside *b, const struct driver_path *files, size_t n,
                            const struct driver_path **out);

#endif
