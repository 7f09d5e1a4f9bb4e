/* SPDX-License-Identifier: MIT */
/* Judges the bytes of one file as a driver. */
#ifndef PROBE_DRIVERS_IMAGE_H
#define PROBE_DRIVERS_IMAGE_H

#include <stdbool.h>

#include "vbscheck/arena.h"
#include "vbscheck/driver.h"
#include "vbscheck/libs.h"
#include "vbscheck/span.h"

struct beside;
struct sipolicy;

/* How to examine files; the same for all of a batch. */
struct image_options {
    const struct digest_lib *digest; /* NULL: no digests can be made */
    const struct sipolicy *policy;   /* NULL: none was given */
    bool digests;                    /* on request: even for files that need no digests */
    const struct beside *beside;     /* NULL: no files next to the drivers */
};

/*
 * Examines a file. `named`: the user named it as a driver, so a broken or missing header is worth
 * reporting.
 *
 * Returns false, with *out untouched, for a file that is not a kernel image: not a PE image, or
 * with another subsystem than native.
 */
bool image_look(struct span file, bool named, const struct image_options *options, struct arena *a,
                struct driver *out);

#endif
