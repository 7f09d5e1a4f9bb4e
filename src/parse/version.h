/* SPDX-License-Identifier: MIT */
/* Kernel release names: "6.1.0-56-amd64". */
#ifndef PARSE_VERSION_H
#define PARSE_VERSION_H

#include "vbscheck/span.h"

/* True if `release` starts with a version of at least major.minor. False for anything else. */
bool version_at_least(struct span release, unsigned major, unsigned minor);

#endif
