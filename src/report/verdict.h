/* SPDX-License-Identifier: MIT */
/* The verdict in words, for people. */
#ifndef REPORT_VERDICT_H
#define REPORT_VERDICT_H

#include "report/page.h"
#include "report/report.h"

/* The verdict, the reason, and facts that a reader of it alone must know: one sentence. */
void verdict_print(const struct page *p);

/*
 * The text after the verdict's word, without caveats: " for GOAL", or ": " and the deciding rules,
 * as many as fit into `room` characters.
 */
const char *verdict_because(const struct page *p, size_t room);

/* Changes for the worse since the baseline; nothing if none was given. */
void verdict_print_baseline(const struct page *p);

/* Why the exit status may differ from the verdict: --fail-on. Nothing if it cannot. */
void verdict_print_fail_on(const struct page *p);

#endif
