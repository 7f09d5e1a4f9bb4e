/* SPDX-License-Identifier: MIT */
/*
 * Files next to drivers: catalogs that may sign them, and INF files that name the hardware they
 * serve. Recognized by their content.
 */
#ifndef PROBE_DRIVERS_BESIDE_H
#define PROBE_DRIVERS_BESIDE_H

#include "parse/inf.h"
#include "parse/signature/catalog.h"
#include "vbscheck/driver.h"

struct beside_catalog {
    const char *path;
    bool anywhere; /* its folder does not matter: the user named it, or it is in the same archive */
    struct catalog catalog;
};

struct beside_inf {
    const char *path;
    bool anywhere;
    struct inf inf;
};

struct beside {
    struct beside_catalog *catalogs;
    size_t n_catalogs;
    struct beside_inf *infs;
    size_t n_infs;
    size_t bytes;               /* of all files added */
    const struct beside *outer; /* the files next to the archive that contains these; or NULL */
};

/*
 * Adds a file if it is a readable catalog or INF file; it applies to drivers in its folder and
 * below, or everywhere if `anywhere`. Lists are made in `a`; parts of a catalog's bytes are
 * borrowed. `scratch` is free again afterwards.
 */
void beside_add(struct beside *b, struct arena *a, struct arena *scratch, const char *path,
                bool anywhere, struct span file);

/* True if there is a catalog, in outer lists too. */
bool beside_has_catalogs(const struct beside *b);

/*
 * The n-th catalog, from 0 on, that applies to `path` and lists one of its digests (either may be
 * empty); NULL past the last.
 */
const struct beside_catalog *beside_signing(const struct beside *b, const char *path,
                                            struct span sha1, struct span sha256, size_t nth);

/*
 * The hardware that the driver `d` serves, by an INF file that applies to it and installs a file of
 * its name; NULL if there is none.
 */
const char *beside_hardware(const struct beside *b, const struct driver *d, struct arena *a);

#endif
