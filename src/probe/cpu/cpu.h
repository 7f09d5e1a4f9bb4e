/* SPDX-License-Identifier: MIT */
/* Declarations shared by the files of the processor probe. */
#ifndef PROBE_CPU_CPU_H
#define PROBE_CPU_CPU_H

#include "probe/cpu/cpu_evidence.h"

/* Facts that the processor probe decides. */
struct virtualization {
    struct cpu_answer capable; /* VT-x, AMD-V or EL2 is in the processor */
    struct cpu_answer enabled; /* and firmware left it on */
    struct cpu_answer slat;    /* EPT with four-level walks and write-back, NPT, or stage 2 */
    struct cpu_answer ept, walk4, write_back; /* Intel */
    struct cpu_answer mbec;                   /* Intel */
    struct cpu_answer apicv; /* Intel: APIC registers and interrupt delivery are virtualized */
};

/*
 * The answer for SLAT that is absent or unknown: not a separate failure if virtualization itself
 * fails, since SLAT cannot be queried then.
 */
struct cpu_answer cpu_slat_denied(const struct virtualization *v, struct cpu_answer why);

void cpu_judge_intel(const struct probe_run *p, const struct cpu_evidence *e,
                     struct virtualization *out);
void cpu_judge_amd(const struct probe_run *p, const struct cpu_evidence *e,
                   struct virtualization *out);
void cpu_judge_arm(const struct probe_run *p, const struct cpu_evidence *e,
                   struct virtualization *out);

/* Does every core of an Arm machine have AArch64? Also decides under 32-bit kernels. */
struct cpu_answer cpu_arm_64bit(const struct cpu_evidence *e);

/*
 * The same if a hypervisor above this system hides the processor's virtualization: uses what the
 * running hypervisor proves, and what remains visible.
 */
void cpu_judge_hosted(const struct probe_run *p, const struct cpu_evidence *e,
                      struct virtualization *out);

/* Sets host.arch and host.x86, from the processor, the kernel and the MADT. */
void cpu_give_arch(const struct probe_run *p, const struct cpu_evidence *e);

/*
 * The code name that libcpuid assigns to this processor, as arena text; NULL if it has none. The
 * library guesses at processors newer than itself: no verdict depends on it, and the text report
 * omits it.
 */
const char *cpu_codename(const struct cpuid_cpu *c, const struct cpuid_lib *lib, struct arena *a);

#endif
