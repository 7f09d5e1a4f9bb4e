/* SPDX-License-Identifier: MIT */
/* The picture of IOMMUs with the functions behind them. */
#ifndef REPORT_TREE_H
#define REPORT_TREE_H

#include "report/page.h"

/* Prints the map of the report's facts, unit by unit, and what is behind none; nothing without
 * one. */
void tree_print(const struct page *p);

#endif
