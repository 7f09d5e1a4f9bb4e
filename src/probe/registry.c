/* SPDX-License-Identifier: MIT */
#include "vbscheck/probe.h"

const struct probe *const probes[] = {
#define PROBE(name) &probe_##name,
#include "vbscheck/probes.def"
#undef PROBE
};

const size_t n_probes = sizeof probes / sizeof probes[0];

void probes_run(const struct probe_run *p)
{
    for (size_t i = 0; i < n_probes; i++)
        probes[i]->run(p);
}
