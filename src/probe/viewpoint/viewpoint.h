/* SPDX-License-Identifier: MIT */
/* From where the evidence was seen, decided once for all probes. */
#ifndef PROBE_VIEWPOINT_VIEWPOINT_H
#define PROBE_VIEWPOINT_VIEWPOINT_H

#include "probe/viewpoint/hypervisor.h"

/* The viewpoint, and what the hypervisor above this system proves. */
struct view {
    enum viewpoint is; /* VIEW_UNKNOWN: `st` says why */
    enum status st;
    struct origin from;
    enum hypervisor hv;
    enum hypervisor owner;    /* who made the VM, where that is another than hv; else HV_NOT_TOLD */
    const char *hv_name;      /* for people */
    bool hides;               /* nothing is absent here: what is not seen may be hidden */
    struct cpu_answer runs;   /* the hypervisor runs, so that virtualization is on */
    struct cpu_answer slat;   /* it uses second-level translation */
    struct cpu_answer remaps; /* it uses the IOMMU for its guests' devices */
};

/*
 * Decides it from CPUID, SMBIOS, ACPI, the kernel's log and Xen's files, of which p->snap, p->log
 * and p->cpu tell. Notes what speaks against the decision.
 */
struct view view_decide(const struct probe_run *p);

#endif
