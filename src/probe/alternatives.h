/* SPDX-License-Identifier: MIT */
/* Duplicate evidence: the facts from each version must agree. */
#ifndef PROBE_ALTERNATIVES_H
#define PROBE_ALTERNATIVES_H

#include "probe/probe.h"

/*
 * Runs probes_run(), and once more for each further blob of a repeated name (two kernel logs of
 * unknown order, say). A fact that differs between the runs is a conflict; a fact that only some
 * runs know is known. Notes and findings are those of the first run.
 */
void probes_run_alternatives(const struct probe_run *p);

#endif
