/* SPDX-License-Identifier: MIT */
/* The verdict in words, for people. */
#ifndef REPORT_VERDICT_H
#define REPORT_VERDICT_H

#include "report/page.h"
#include "report/report.h"

/* The verdict, why, and what a reader of it alone must know: one sentence. */
void verdict_print(const struct page *p);

/*
 * What follows the word of the verdict, without caveats: " for GOAL", or ": " and the rules that
 * decided, as many as fit into `room` characters.
 */
const char *verdict_because(const struct page *p, size_t room);

/* What got worse since the baseline; nothing where none was given. */
void verdict_print_baseline(const struct page *p);

/* Why the exit status may say another thing than the verdict: --fail-on. Nothing where it cannot.
 */
void verdict_print_fail_on(const struct page *p);

#endif
