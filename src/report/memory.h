/* SPDX-License-Identifier: MIT */
/* The Memory Attributes Table, the way people read memory maps. */
#ifndef REPORT_MEMORY_H
#define REPORT_MEMORY_H

#include "report/page.h"

/* Prints the view of the report's facts, an entry a line; nothing without one. */
void memory_print(const struct page *p);

#endif
