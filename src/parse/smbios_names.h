/* SPDX-License-Identifier: MIT */
/* Names in SMBIOS data, which vendors fill in freely. */
#ifndef PARSE_SMBIOS_NAMES_H
#define PARSE_SMBIOS_NAMES_H

#include "vbscheck/span.h"

/* True if this names nothing: "To Be Filled By O.E.M.", "System Product Name", blanks. */
bool smbios_is_placeholder(struct span name);

/* True if a line of several names holds one of the long placeholders. */
bool smbios_holds_placeholder(struct span line);

/*
 * Must these two be names of different machines? Each is "Vendor Product", or a longer line of it.
 * Only letters and digits count, in any case. They agree where one is part of the other, or where
 * the last word of one is in the other; a name of placeholders agrees with everything.
 */
bool smbios_contradict(struct span one, struct span other);

#endif
