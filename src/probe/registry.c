/* SPDX-License-Identifier: MIT */
#include "parse/klog/klog.h"
#include "probe/probe.h"
#include "vbscheck/count.h"

/* In the order in which they run: later ones may read facts of earlier ones. */
const struct probe *const probes[] = {
    &probe_host,     &probe_cpu, &probe_wsmt, &probe_iommu,
    &probe_segments, &probe_tpm, &probe_efi,  &probe_memattr,
};

const size_t n_probes = COUNT(probes);

void probes_run(const struct probe_run *p)
{
    struct klog log = {0};
    struct probe_run run = *p;
    (void)klog_parse(snap_get(p->snap, "efi/kernel-log").data, &log);
    run.log = &log;
    for (size_t i = 0; i < n_probes; i++)
        probes[i]->run(&run);
}
