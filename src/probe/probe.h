/* SPDX-License-Identifier: MIT */
/* A probe turns blobs into facts, through parsers. It knows neither formats nor rules. */
#ifndef PROBE_PROBE_H
#define PROBE_PROBE_H

#include "vbscheck/fact.h"
#include "vbscheck/libs.h"
#include "vbscheck/snapshot.h"

struct klog;
struct cpu_evidence;
struct view;

struct probe_run {
    const struct snapshot *snap;
    const struct libs *libs;
    /* Parsed, gathered and decided once for all probes. */
    const struct klog *log; /* the kernel's log; empty if there is none */
    const struct cpu_evidence *cpu;
    const struct view *view; /* the viewpoint from which the machine was seen */
    struct facts *facts;
    struct notes *notes;
    struct arena *arena; /* for data that must outlive the probe */
};

struct probe {
    const char *name;
    const char *summary;
    const char *const *wants;  /* blob names and prefixes ending in '/' or '*', then NULL */
    const enum fact_id *gives; /* every fact it sets, then FACT_NONE */
    void (*run)(const struct probe_run *p);
};

/* Each is defined at the end of its own file. */
extern const struct probe probe_host, probe_viewpoint, probe_cpu, probe_wsmt, probe_iommu,
    probe_segments, probe_tpm, probe_efi, probe_memattr, probe_drivers, probe_vm, probe_windows,
    probe_windows_disk, probe_azure, probe_memory, probe_storage, probe_standby, probe_psp;

/* All probes, in the order in which they run: later ones may read facts of earlier ones. */
extern const struct probe *const probes[];
extern const size_t n_probes;

/* Runs all of them, after making p->log, p->cpu and p->view, which need not be set. */
void probes_run(const struct probe_run *p);

#endif
