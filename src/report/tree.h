/* SPDX-License-Identifier: MIT */
/* The picture of IOMMUs with the functions behind them. */
#ifndef REPORT_TREE_H
#define REPORT_TREE_H

#include "report/page.h"
#include "vbscheck/iommu_map.h"

/* Prints the map of the report's facts, unit by unit, and what is behind none; nothing without
 * one. */
void tree_print(const struct page *p);

/*
 * The lists that functions stand in: one a unit, then two of those that stand behind none, some
 * by the kernel's groups.
 */
enum { TREE_BEHIND_SOME = 0, TREE_BEHIND_NONE = 1, TREE_LISTS_WITHOUT_UNIT = 2 };
size_t tree_list_of(const struct iommu_map *m, const struct iommu_function *f);

/* What the last of them is, in words. */
const char *tree_title_of_rest(const struct page *p);

#endif
