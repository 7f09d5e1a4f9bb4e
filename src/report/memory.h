/* SPDX-License-Identifier: MIT */
/* The Memory Attributes Table in the usual form of memory maps. */
#ifndef REPORT_MEMORY_H
#define REPORT_MEMORY_H

#include "report/page.h"

/* Prints the view of the report's facts, one line per entry; nothing without a view. */
void memory_print(const struct page *p);

#endif
