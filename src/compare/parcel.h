/* SPDX-License-Identifier: MIT */
/*
 * Data that the process reading one side passes to the comparing process: a report as JSON and, for
 * evidence, the bytes of its tables. The sender has parsed hostile bytes, so its data is treated
 * like any other input.
 */
#ifndef COMPARE_PARCEL_H
#define COMPARE_PARCEL_H

#include "compare/compare.h"
#include "vbscheck/out.h"

/* Packs a report; `snap` is the evidence behind it, NULL if the input was a report. */
void parcel_pack(struct out *o, struct span report, const struct snapshot *snap);

/*
 * Unpacks what parcel_pack() made, and reads the report. Returns as told_read() does; *out, whose
 * `path` the caller sets, borrows `bytes`.
 */
enum status parcel_unpack(struct span bytes, struct arena *a, struct side *out,
                          const char **problem);

#endif
