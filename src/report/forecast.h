/* SPDX-License-Identifier: MIT */
/* The forecast about Windows: a line of the first screen, and its own section. */
#ifndef REPORT_FORECAST_H
#define REPORT_FORECAST_H

#include "report/page.h"

/* "Windows:  starts VBS under policy value 1; …": one line, or none if nothing is known. */
void forecast_print_line(const struct page *p);

/*
 * The whole forecast, after the first screen, under `title`; NULL if a title was printed already.
 */
void forecast_print(const struct page *p, const char *title);

#endif
