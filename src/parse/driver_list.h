/* SPDX-License-Identifier: MIT */
/*
 * The blob `drivers`: the results of judging batches of driver files, as lines "key value". A line
 * "driver PATH" starts a file; lines before the first are about all of them.
 */
#ifndef PARSE_DRIVER_LIST_H
#define PARSE_DRIVER_LIST_H

#include "vbscheck/arena.h"
#include "vbscheck/driver.h"
#include "vbscheck/out.h"
#include "vbscheck/span.h"

enum {
    DRIVER_LIST_MAX = 1 << 17, /* files */
    /* Of one file, many times as many as are written: each is compared with those before it. */
    DRIVER_CHECKS_MAX = 1024,
    DRIVER_CHAINS_MAX = 256,
};

/*
 * Reads the blob. Text is copied to `a`. Unknown keys are ignored, so that older versions read
 * newer captures.
 * Returns ST_OK or ST_MALFORMED (with *fault, if not NULL); *out is written on success only. Its
 * `count`, and `what` of each driver, are left to the probe; `items` may be changed by it.
 */
enum status driver_list_parse(struct span text, struct arena *a, struct driver_list *out,
                              struct fault *fault);

/* Writes the lines of one driver. */
void driver_list_write(struct out *o, const struct driver *d);

/* Writes the lines of one signature. */
void driver_list_chain(struct out *o, const struct driver_signature *s);

/*
 * Writes a line about all: "target", "policy", "policy-edition", "policy-of-disk", "notice" about
 * files not examined, "remark". Control characters in `value` become '?'.
 */
void driver_list_head(struct out *o, const char *key, const char *value);

#endif
