/* SPDX-License-Identifier: MIT */
/* Evidence that is there twice: what the one and the other are judged to mean must agree. */
#ifndef PROBE_ALTERNATIVES_H
#define PROBE_ALTERNATIVES_H

#include "probe/probe.h"

/*
 * probes_run(), and once more for each further blob of a name that is there several times (two
 * kernel logs of which nobody can say which is the later). A fact on which the runs differ is a
 * conflict; one that only some know is known. Notes and findings are those of the first run.
 */
void probes_run_alternatives(const struct probe_run *p);

#endif
