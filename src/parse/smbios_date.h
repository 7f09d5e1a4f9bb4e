/* SPDX-License-Identifier: MIT */
/* The release date of firmware: DMTF DSP0134 (SMBIOS), 7.1: "mm/dd/yyyy" or "mm/dd/yy". */
#ifndef PARSE_SMBIOS_DATE_H
#define PARSE_SMBIOS_DATE_H

#include "vbscheck/span.h"

enum { SMBIOS_DATE_LEN = 10 };

/*
 * The date as YYYY-MM-DD. Vendors use several forms: a year of four digits in front means year,
 * month, day; at the end, the specification's order, or the day first if the month would be above
 * 12. With a year of two digits, only one reading may be possible. Returns false, with out
 * untouched, where the order is not clear.
 */
bool smbios_date_iso(struct span text, char out[SMBIOS_DATE_LEN + 1]);

#endif
