/* SPDX-License-Identifier: MIT */
/* How the machine was booted, as several probes ask. */
#ifndef PROBE_EFI_H
#define PROBE_EFI_H

#include "probe/probe.h"

/* The kernel shows no EFI although it shows other firmware: this boot was a legacy one. */
bool efi_is_legacy_boot(const struct probe_run *p);

#endif
