/* SPDX-License-Identifier: MIT */
/* --baseline: the exit status reports only what got worse since an earlier report. */
#ifndef COMPARE_BASELINE_H
#define COMPARE_BASELINE_H

#include "report/report.h"

/*
 * Compares `r`, which judge() made, with the report in its options: sets r->against, the exit
 * status (1 only if a rule that counts or the verdict got worse, else 0) and, for each outcome,
 * whether it is blamed. Parts that cannot be compared get a note.
 * Returns ST_OK, or why the baseline cannot be read, like told_read().
 */
enum status baseline_apply(struct report *r, struct arena *a, const char **problem);

#endif
