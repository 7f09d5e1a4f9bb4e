/* SPDX-License-Identifier: MIT */
/* Removes private data from evidence. */
#ifndef LOAD_REDACT_H
#define LOAD_REDACT_H

#include "vbscheck/snapshot.h"

/*
 * Leaves in `s` the data that rules need and nothing that identifies a machine or its user: removes
 * other blobs, text that no parser reads, and the path of each blob, which may name private
 * folders; replaces names of hosts and users, UUIDs and MAC addresses by as many letters "x". The
 * judgement stays the same. Borrows from `s`.
 */
void redact(struct snapshot *s);

/*
 * Blobs of one name, which contradict each other ("efi/kernel-log"), are numbered in a capture, and
 * none has the plain name: "efi/kernel-log.1". redact() does that; this function restores their
 * name. Call snap_sort() after it.
 */
void redact_unnumber(struct snapshot *s);

#endif
