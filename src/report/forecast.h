/* SPDX-License-Identifier: MIT */
/* What Windows would do: a line of the first screen, and the section about it. */
#ifndef REPORT_FORECAST_H
#define REPORT_FORECAST_H

#include "report/page.h"

/* "Windows:  starts VBS under policy value 1; …": one line, none where nothing is known. */
void forecast_print_line(const struct page *p);

/* The whole of it, behind the first screen, which a title ends: `title`, or NULL where one stands.
 */
void forecast_print(const struct page *p, const char *title);

#endif
