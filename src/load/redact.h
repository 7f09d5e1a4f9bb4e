/* SPDX-License-Identifier: MIT */
/* Evidence made fit to be given away. */
#ifndef LOAD_REDACT_H
#define LOAD_REDACT_H

#include "vbscheck/snapshot.h"

/*
 * Leaves in `s` what rules need and nothing that tells one machine or its user from another: other
 * blobs go; of texts what no parser reads goes; names of hosts and of users, UUIDs and MAC
 * addresses become as many letters "x"; where a blob was found, which names folders of somebody's,
 * is not told any more. What is judged of it stays the same. Borrows from `s`.
 */
void redact(struct snapshot *s);

/*
 * Blobs of one name, which contradict each other ("efi/kernel-log"), are numbered in a capture, and
 * none has the plain name: "efi/kernel-log.1". redact() does that; this gives them their name back.
 * Call snap_sort() behind it.
 */
void redact_unnumber(struct snapshot *s);

#endif
