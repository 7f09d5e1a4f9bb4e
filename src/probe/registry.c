/* SPDX-License-Identifier: MIT */
#include "probe/cpu/cpu_evidence.h"
#include "probe/viewpoint/makers.h"
#include "vbscheck/count.h"

/* In the order in which they run: later ones may read facts of earlier ones. */
const struct probe *const probes[] = {
    &probe_windows, &probe_host,         &probe_viewpoint, &probe_cpu,   &probe_wsmt,
    &probe_iommu,   &probe_segments,     &probe_tpm,       &probe_efi,   &probe_memattr,
    &probe_drivers, &probe_windows_disk, &probe_vm,        &probe_azure, &probe_memory,
    &probe_storage, &probe_standby,      &probe_psp,
};

const size_t n_probes = COUNT(probes);

/*
 * If a hypervisor hides the machine from this system, evidence that is absent, or that nobody can
 * read there, counts as hidden.
 */
static struct snapshot without_absences(const struct probe_run *p)
{
    struct snapshot s = *p->snap;
    s.blobs = arena_new(p->arena, struct blob, s.n);
    for (size_t i = 0; i < s.n; i++) {
        s.blobs[i] = p->snap->blobs[i];
        if (s.blobs[i].st == ST_ABSENT || s.blobs[i].st == ST_UNSUPPORTED)
            s.blobs[i].st = ST_HIDDEN;
    }
    return s;
}

/* Data that all probes share: the parsed log, and all evidence about the processor. */
static void gather(struct probe_run *run, struct klog *log, struct cpu_evidence *cpu)
{
    *log = (struct klog){0};
    (void)klog_parse(snap_get(run->snap, "efi/kernel-log").data, log);
    run->log = log;
    cpu_gather(run, cpu);
    run->cpu = cpu;
}

void probes_run(const struct probe_run *p)
{
    struct klog log;
    struct cpu_evidence cpu;
    struct probe_run run = *p;
    gather(&run, &log, &cpu);
    struct view view = view_decide(&run);
    struct snapshot seen = makers_checked(&run, &view);
    if (seen.blobs != p->snap->blobs) {
        run.snap = &seen;
        gather(&run, &log, &cpu);
    }
    run.view = &view;
    if (view.hides) {
        seen = without_absences(&run);
        run.snap = &seen;
        log.acpi.whole = false; /* a hypervisor wrote that list */
    }
    for (size_t i = 0; i < n_probes; i++)
        probes[i]->run(&run);
}
