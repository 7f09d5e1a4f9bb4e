/* SPDX-License-Identifier: MIT */
/* The picture of IOMMUs with the functions behind them. */
#ifndef REPORT_TREE_H
#define REPORT_TREE_H

#include "report/page.h"
#include "vbscheck/iommu_map.h"

/*
 * Prints the map of the report's facts, unit by unit, then functions behind none; nothing without a
 * map.
 */
void tree_print(const struct page *p);

/*
 * The lists that contain functions: one per unit, then one for functions behind some unit by the
 * kernel's groups, then one for those behind none.
 */
enum { TREE_BEHIND_SOME = 0, TREE_BEHIND_NONE = 1, TREE_LISTS_WITHOUT_UNIT = 2 };
size_t tree_list_of(const struct iommu_map *m, const struct iommu_function *f);

/* The title of the last list. */
const char *tree_title_of_rest(const struct page *p);

#endif
