/* SPDX-License-Identifier: MIT */
/* The release date of firmware: DMTF DSP0134 (SMBIOS), 7.1: "mm/dd/yyyy" or "mm/dd/yy". */
#ifndef PARSE_SMBIOS_DATE_H
#define PARSE_SMBIOS_DATE_H

#include "vbscheck/span.h"

enum { SMBIOS_DATE_LEN = 10 };

/*
 * The date as YYYY-MM-DD. Vendors write what they like: with a year of four digits in front that
 * order holds; behind, the specification's, or the day first where the month would be above 12.
 * Years of two digits have to leave one reading only. Returns false, with out untouched, where the
 * order is not clear.
 */
bool smbios_date_iso(struct span text, char out[SMBIOS_DATE_LEN + 1]);

#endif
