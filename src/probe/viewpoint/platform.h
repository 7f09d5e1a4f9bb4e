/* SPDX-License-Identifier: MIT */
/* The platform of a virtual machine: a remedy has to name the platform's switch. */
#ifndef PROBE_VIEWPOINT_PLATFORM_H
#define PROBE_VIEWPOINT_PLATFORM_H

#include "probe/viewpoint/viewpoint.h"
#include "vbscheck/machine.h"

/* Blobs that --azure-size and --azure-imds add. */
#define AZURE_SIZE_BLOB "azure-size"
#define AZURE_IMDS_BLOB "azure-imds"

/* Whether the machine's SMBIOS names Azure, by its asset tag. */
struct cpu_answer platform_azure_tag(const struct probe_run *p);

/* Needs p->view. PLATFORM_ANY if the machine is not a guest. */
enum platform platform_of(const struct probe_run *p);

#endif
