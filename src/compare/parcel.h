/* SPDX-License-Identifier: MIT */
/*
 * What the process that looked at one side hands to the one that compares: a report as JSON and,
 * of evidence, the bytes of its tables. It comes from a process that saw hostile bytes, and is
 * read like any other input.
 */
#ifndef COMPARE_PARCEL_H
#define COMPARE_PARCEL_H

#include "compare/compare.h"
#include "vbscheck/out.h"

/* Packs a report; `snap` is the evidence that it was made of, NULL where a report was given. */
void parcel_pack(struct out *o, struct span report, const struct snapshot *snap);

/*
 * Unpacks what parcel_pack() made, and reads the report. Returns as told_read() does; *out, whose
 * `path` the caller sets, borrows `bytes`.
 */
enum status parcel_unpack(struct span bytes, struct arena *a, struct side *out,
                          const char **problem);

#endif
