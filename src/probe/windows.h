/* SPDX-License-Identifier: MIT */
/*
 * Facts from Windows' own reports for other probes: only those that its running hypervisor proves.
 */
#ifndef PROBE_WINDOWS_H
#define PROBE_WINDOWS_H

#include "parse/windows/windows.h"
#include "probe/probe.h"

/*
 * Does Windows run VBS on this machine? Then its hypervisor runs, on a 64-bit processor whose
 * virtualization is on, with second level address translation.
 */
bool windows_runs(const struct probe_run *p);

#endif
