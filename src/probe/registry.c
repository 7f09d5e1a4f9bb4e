/* SPDX-License-Identifier: MIT */
#include "parse/klog/klog.h"
#include "probe/probe.h"

const struct probe *const probes[] = {
#define PROBE(name) &probe_##name,
#include "probe/probes.def"
#include "vbscheck/count.h"
#undef PROBE
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
