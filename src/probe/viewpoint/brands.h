/* SPDX-License-Identifier: MIT */
/* Finds the maker for names in SMBIOS: the only place that compares such names. */
#ifndef PROBE_VIEWPOINT_BRANDS_H
#define PROBE_VIEWPOINT_BRANDS_H

#include "parse/keyval.h"
#include "vbscheck/machine.h"

/* MAKER_ANY for a name with the words of no maker, or of two. */
enum maker brand_of_vendor(struct span vendor);

/*
 * The maker of the machine's setup: coreboot if it is the firmware, on any machine; else the
 * system's vendor, or the board's if the system has none.
 */
enum maker brand_of_machine(const struct dmi *d);

#endif
