/* SPDX-License-Identifier: MIT */
/* Who runs a virtual machine: of whoever has a switch for it a remedy has to name the switch. */
#ifndef PROBE_VIEWPOINT_PLATFORM_H
#define PROBE_VIEWPOINT_PLATFORM_H

#include "probe/viewpoint/viewpoint.h"
#include "vbscheck/machine.h"

/* Blobs that --azure-size and --azure-imds add. */
#define AZURE_SIZE_BLOB "azure-size"
#define AZURE_IMDS_BLOB "azure-imds"

/* Whether the machine's SMBIOS names Azure, by its asset tag. */
struct cpu_answer platform_azure_tag(const struct probe_run *p);

/* p->view is made. PLATFORM_ANY of what is no guest. */
enum platform platform_of(const struct probe_run *p);

#endif
