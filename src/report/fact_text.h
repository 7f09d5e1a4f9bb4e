/* SPDX-License-Identifier: MIT */
/* Facts as their specifications write them. */
#ifndef REPORT_FACT_TEXT_H
#define REPORT_FACT_TEXT_H

#include "vbscheck/fact.h"

/*
 * The value: yes or no, a number, a text; flags in hexadecimal with the names of the bits that are
 * set ("0x5 INTR_REMAP, DMA_CTRL_PLATFORM_OPT_IN"). For an unknown fact, the reason.
 */
const char *fact_text(const struct facts *f, enum fact_id id, struct arena *a);

/* "efivar/SecureBoot" for "efivar/SecureBoot-8be4df61-…": the name that people know. */
const char *fact_short_blob(const char *blob, struct arena *a);

/* " (acpi/WSMT byte 36)"; "" if the fact has no source. */
const char *fact_source(const struct fact *fact, struct arena *a);

#endif
