/* SPDX-License-Identifier: MIT */
/* How the machine was booted, for several probes. */
#ifndef PROBE_EFI_H
#define PROBE_EFI_H

#include "probe/probe.h"

/* The kernel shows other firmware but no EFI: this was a legacy boot. */
bool efi_is_legacy_boot(const struct probe_run *p);

#endif
