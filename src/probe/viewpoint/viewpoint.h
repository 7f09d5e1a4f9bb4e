/* SPDX-License-Identifier: MIT */
/* The viewpoint of the evidence, decided once for all probes. */
#ifndef PROBE_VIEWPOINT_VIEWPOINT_H
#define PROBE_VIEWPOINT_VIEWPOINT_H

#include "probe/viewpoint/hypervisor.h"

/* The viewpoint, and the facts that the hypervisor above this system proves. */
struct view {
    enum viewpoint is; /* VIEW_UNKNOWN: `st` is the reason */
    enum status st;
    struct origin from;
    enum hypervisor hv;
    enum hypervisor owner;    /* the VM's maker, if it differs from hv; else HV_NOT_TOLD */
    const char *hv_name;      /* for people */
    bool hides;               /* nothing counts as absent here: it may be hidden */
    struct cpu_answer runs;   /* the hypervisor runs, so virtualization is on */
    struct cpu_answer slat;   /* it uses second-level translation */
    struct cpu_answer remaps; /* it uses the IOMMU for its guests' devices */
};

/*
 * Decides it from CPUID, SMBIOS, ACPI, the kernel's log and Xen's files, through p->snap, p->log
 * and p->cpu. Notes evidence against the decision.
 */
struct view view_decide(const struct probe_run *p);

#endif
