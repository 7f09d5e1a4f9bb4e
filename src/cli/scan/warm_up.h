/* SPDX-License-Identifier: MIT */
/* What each judge would do for the first time is done once, in the template of all of them. */
#ifndef CLI_SCAN_WARM_UP_H
#define CLI_SCAN_WARM_UP_H

#include "cli/scan/scan_judge.h"

/*
 * Judges a capture of no machine, which is part of the program: the linker binds the functions that
 * judging calls, libraries make their tables, and the heap has its size. `job`: as for the judges
 * of inputs, without an input. Memory comes from `a`.
 *
 * Returns ST_OK, or ST_MALFORMED if there was no report: the judges then work as well, but slower.
 */
enum status warm_up(const struct scan_job *job, struct arena *a);

#endif
