/* SPDX-License-Identifier: MIT */
/* From the bytes of one file to what is to be said of it as a driver. */
#ifndef PROBE_DRIVERS_IMAGE_H
#define PROBE_DRIVERS_IMAGE_H

#include <stdbool.h>

#include "vbscheck/arena.h"
#include "vbscheck/driver.h"
#include "vbscheck/libs.h"
#include "vbscheck/span.h"

struct beside;
struct sipolicy;

/* How to look at files; the same for all of a batch. */
struct image_options {
    const struct digest_lib *digest; /* NULL: no digests can be made */
    const struct sipolicy *policy;   /* NULL: none was given */
    bool digests;                    /* asked for: of a file that needs none, too */
    const struct beside *beside;     /* NULL: nothing lies beside the files */
};

/*
 * Looks at a file. `named`: somebody named it as a driver, so that a header that is broken, or not
 * there, is worth telling.
 *
 * Returns false, with *out untouched, for what is not a kernel image: no PE image, or one of
 * another subsystem than native.
 */
bool image_look(struct span file, bool named, const struct image_options *options, struct arena *a,
                struct driver *out);

#endif
