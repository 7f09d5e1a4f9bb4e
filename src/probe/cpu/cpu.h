/* SPDX-License-Identifier: MIT */
/* Shared by the files of the processor probe: what follows from what is known. */
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
 * What a second level that is not there, or not known, means: no fail of its own where
 * virtualization itself fails, since then it cannot be asked for.
 */
struct cpu_answer cpu_slat_denied(const struct virtualization *v, struct cpu_answer why);

void cpu_judge_intel(const struct probe_run *p, const struct cpu_evidence *e,
                     struct virtualization *out);
void cpu_judge_amd(const struct probe_run *p, const struct cpu_evidence *e,
                   struct virtualization *out);
void cpu_judge_arm(const struct probe_run *p, const struct cpu_evidence *e,
                   struct virtualization *out);

/* Does every core of an Arm machine have AArch64? For kernels of 32 bits too. */
struct cpu_answer cpu_arm_64bit(const struct cpu_evidence *e);

/*
 * The same where a hypervisor runs above this system and hides the processor's virtualization:
 * what it proves by running, and what can be seen past it.
 */
void cpu_judge_hosted(const struct probe_run *p, const struct cpu_evidence *e,
                      struct virtualization *out);

/* Sets host.arch and host.x86, from the processor, the kernel and the MADT. */
void cpu_give_arch(const struct probe_run *p, const struct cpu_evidence *e);

/*
 * The code name that libcpuid gives a processor with these words, as arena text; NULL where it
 * knows none. The library guesses at processors newer than itself: no verdict rests on it, and
 * the text report leaves it out.
 */
const char *cpu_codename(const struct cpuid_cpu *c, const struct cpuid_lib *lib, struct arena *a);

#endif
