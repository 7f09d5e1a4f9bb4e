/* SPDX-License-Identifier: MIT */
/* Which maker the names in SMBIOS are of: the one place where such names are compared. */
#ifndef PROBE_VIEWPOINT_BRANDS_H
#define PROBE_VIEWPOINT_BRANDS_H

#include "parse/keyval.h"
#include "vbscheck/machine.h"

/* MAKER_ANY of a name that has the words of no maker, or of two. */
enum maker brand_of_vendor(struct span vendor);

/*
 * Whose setup the machine has: coreboot's where coreboot is its firmware, whoever built the
 * machine; else that of the system's vendor, or of the board's where the system names none.
 */
enum maker brand_of_machine(const struct dmi *d);

#endif
