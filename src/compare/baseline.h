/* SPDX-License-Identifier: MIT */
/* --baseline: the exit status tells only of what got worse since a report. */
#ifndef COMPARE_BASELINE_H
#define COMPARE_BASELINE_H

#include "report/report.h"

/*
 * Holds `r`, which judge() made, against the report in its options: sets r->against, the exit
 * status (1 only if a rule that counts or the verdict got worse, else 0) and, of each outcome,
 * whether it is blamed. What cannot be compared is a note.
 * Returns ST_OK, or why the baseline cannot be read, as told_read() does.
 */
enum status baseline_apply(struct report *r, struct arena *a, const char **problem);

#endif
