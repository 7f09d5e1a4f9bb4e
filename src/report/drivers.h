/* SPDX-License-Identifier: MIT */
/* Driver files below the rules about them: one table, the worst first, clean ones as a count. */
#ifndef REPORT_DRIVERS_H
#define REPORT_DRIVERS_H

#include "report/page.h"

/*
 * Prints the results of the driver files for `rule`. Returns false, with nothing printed, for other
 * rules and if no files were examined.
 */
bool drivers_print(const struct page *p, const char *rule);

/* True if the report is about driver files and nothing else. */
bool drivers_are_all(const struct report *r);

/* The last line of such a report. */
void drivers_print_verdict(const struct page *p);

#endif
