/* SPDX-License-Identifier: MIT */
/* What the judge of an input gets beside the input: labels, and digests that are reported already.
 */
#ifndef CLI_SCAN_ABOUT_H
#define CLI_SCAN_ABOUT_H

#include "vbscheck/snapshot.h"

/* `labels`: lines KEY=VALUE; `digests`: 32 bytes each. Made in `a`; empty for nothing. */
struct span about_write(struct span labels, struct span digests, struct arena *a);

/* In the judge: adds the labels to the snapshot, and replaces equal keys. */
void about_label(struct span about, struct snapshot *out);

/* True if the digests contain `digest` ("sha256:…"). The judge then returns nothing at all. */
bool about_knows(struct span about, const char *digest);

/* True if there are any digests, so that the input's own is needed. */
bool about_asks(struct span about);

#endif
