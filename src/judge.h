/* SPDX-License-Identifier: MIT */
/* From a snapshot to a report: probes, rules, verdict. */
#ifndef JUDGE_H
#define JUDGE_H

#include "report/report.h"
#include "vbscheck/libs.h"

/* Exit statuses of the program; scripts rely on them. */
enum exit_status { EXIT_READY = 0, EXIT_NOT_READY = 1, EXIT_TROUBLE = 2, EXIT_UNDETERMINED = 3 };

/*
 * The whole way from a snapshot to outcomes. Pure; everything is made in `a` and lives as long as
 * it. A profile that cannot be used is told as evidence that cannot: in out->facts.problem. `snap`
 * and `options` are borrowed by *out. Of `libs` the probes use cpuid and mu; what is not there
 * makes facts unknown.
 */
void judge(const struct snapshot *snap, const struct judge_options *options,
           const struct libs *libs, struct arena *a, struct report *out);

#endif
