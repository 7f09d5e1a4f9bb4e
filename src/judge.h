/* SPDX-License-Identifier: MIT */
/* Makes a report from a snapshot: probes, rules, verdict. */
#ifndef JUDGE_H
#define JUDGE_H

#include "report/report.h"
#include "vbscheck/libs.h"

/* Exit statuses of the program; scripts rely on them. */
enum exit_status { EXIT_READY = 0, EXIT_NOT_READY = 1, EXIT_TROUBLE = 2, EXIT_UNDETERMINED = 3 };

/*
 * Runs every step from a snapshot to outcomes. Pure; everything is made in `a` and lives as long as
 * it. A profile that cannot be used is reported like such evidence: in out->facts.problem. *out
 * borrows `snap` and `options`. The probes use cpuid and mu of `libs`; a missing library makes
 * facts unknown.
 */
void judge(const struct snapshot *snap, const struct judge_options *options,
           const struct libs *libs, struct arena *a, struct report *out);

#endif
