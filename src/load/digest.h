/* SPDX-License-Identifier: MIT */
/* One digest for all evidence of a machine: reports on the same evidence have the same. */
#ifndef LOAD_DIGEST_H
#define LOAD_DIGEST_H

#include "vbscheck/libs.h"
#include "vbscheck/snapshot.h"

/*
 * "sha256:" and the SHA-256 of a list with one line per blob, in the order of the snapshot: its
 * status, the SHA-256 of its bytes or '-' where it has none, its name. A live scan, its capture and
 * an archive of the capture have the same digest; docs/vbscheck-snapshot.5 shows how to compute it
 * from a manifest. Made in `a`.
 */
const char *load_digest(const struct snapshot *s, const struct digest_lib *lib, struct arena *a);

#endif
