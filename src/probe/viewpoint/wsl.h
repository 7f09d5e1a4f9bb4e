/* SPDX-License-Identifier: MIT */
/* The Windows Subsystem for Linux: a Linux that Windows runs. */
#ifndef PROBE_VIEWPOINT_WSL_H
#define PROBE_VIEWPOINT_WSL_H

#include "probe/probe.h"

/* The blob that shows WSL; NULL: not WSL. */
const char *wsl_told_by(const struct probe_run *p);

/* WSL1 has no kernel of its own and no hypervisor. */
bool wsl_is_1(const struct probe_run *p);

#endif
