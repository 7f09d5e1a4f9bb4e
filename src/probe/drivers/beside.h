/* SPDX-License-Identifier: MIT */
/*
 * What lies beside drivers: catalogs that may sign them, and INF files that say for which hardware
 * they are. Told by their content.
 */
#ifndef PROBE_DRIVERS_BESIDE_H
#define PROBE_DRIVERS_BESIDE_H

#include "parse/inf.h"
#include "parse/signature/catalog.h"
#include "vbscheck/driver.h"

struct beside_catalog {
    const char *path;
    bool anywhere; /* its place does not matter: somebody named it, or it is in the same archive */
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
    size_t bytes;               /* of all files that were added */
    const struct beside *outer; /* what lies beside the archive that all of these are in; or NULL */
};

/*
 * Adds a file, which counts for drivers in its folder and below that, or `anywhere`, if it is a
 * catalog or an INF file that can be read. Lists are made in `a`; of a catalog's bytes some are
 * borrowed. `scratch` is free again afterwards.
 */
void beside_add(struct beside *b, struct arena *a, struct arena *scratch, const char *path,
                bool anywhere, struct span file);

/* True if there is a catalog, in outer ones too. */
bool beside_has_catalogs(const struct beside *b);

/*
 * The n-th catalog, from 0 on, that counts for `path` and lists one of its digests (either may be
 * empty); NULL past the last.
 */
const struct beside_catalog *beside_signing(const struct beside *b, const char *path,
                                            struct span sha1, struct span sha256, size_t nth);

/*
 * The hardware that the driver `d` serves, by an INF file that counts for it and installs a file of
 * its name; NULL where there is none.
 */
const char *beside_hardware(const struct beside *b, const struct driver *d, struct arena *a);

#endif
