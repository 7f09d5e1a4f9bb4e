/* SPDX-License-Identifier: MIT */
/* Looking at a Windows, for --windows: its files through one sink, each kind to a judge of its own.
 */
#ifndef CLI_WINDOWS_WINDOWS_LOOK_H
#define CLI_WINDOWS_WINDOWS_LOOK_H

#include "cli/config.h"
#include "vbscheck/snapshot.h"
#include "vbscheck/span.h"

/* Two blobs of a snapshot. */
struct windows_blobs {
    struct span windows, drivers;
};

/*
 * Looks at the Windows that c->windows names. *out is made in `a`. Returns false, with a line on
 * standard error, where it cannot be looked at; what of it cannot be read is in the blobs.
 */
bool windows_look(const struct config *c, struct arena *a, struct windows_blobs *out);

/* In a judge: puts the blobs that are not empty in place of those that a capture brought. */
void windows_add(const struct windows_blobs *seen, struct snapshot *out);

#endif
