/* SPDX-License-Identifier: MIT */
/* Looks at a Windows, for --windows: its files go through one sink, each kind to its own judge. */
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
 * standard error, if it cannot be looked at; the blobs record parts of it that cannot be read.
 */
bool windows_look(const struct config *c, struct arena *a, struct windows_blobs *out);

/* In a judge: replaces blobs of a capture by those of `seen` that are not empty. */
void windows_add(const struct windows_blobs *seen, struct snapshot *out);

#endif
