/* SPDX-License-Identifier: MIT */
/* Shared by the files of the processor probe: what is known, and what follows from it. */
#ifndef PROBE_CPU_CPU_H
#define PROBE_CPU_CPU_H

#include "parse/cpuid.h"
#include "parse/cpuinfo.h"
#include "parse/klog/klog.h"
#include "parse/msr.h"
#include "probe/probe.h"

enum cpu_vendor { CPU_UNKNOWN_VENDOR, CPU_INTEL_LIKE, CPU_AMD_LIKE };

/* A yes, a no, or why neither. */
struct cpu_answer {
    enum status st; /* ST_OK: known */
    bool yes;
    struct origin from;
};

struct cpu_answer cpu_answer_is(bool yes, struct origin from);
struct cpu_answer cpu_answer_unknown(enum status why, struct origin from);
bool cpu_answer_yes(struct cpu_answer a);
bool cpu_answer_no(struct cpu_answer a);

/* Sets a boolean fact from an answer. */
void cpu_answer_give(const struct probe_run *p, enum fact_id id, struct cpu_answer a);

/* Every source that says something of the processor, parsed; each with its status. */
struct cpu_evidence {
    enum status cpuid_st;
    struct cpuid cpuid;
    enum status hypervisor_st; /* ST_ABSENT: no hypervisor leaves */
    struct cpuid_cpu hypervisor;
    enum status cpuinfo_st;
    struct cpuinfo cpuinfo;
    enum status msr_st; /* of the blob; each register has its own */
    struct msrs msrs;
    struct span msr_text;
    struct klog log;
    struct span release;             /* of the kernel; empty when unknown */
    struct span kvm;                 /* the blob sys/kvm */
    struct cpu_answer has_kvm_intel; /* the kernel was built with KVM_INTEL */
    enum cpu_vendor vendor;
    bool x86;
    bool arm64;
};

void cpu_gather(const struct probe_run *p, struct cpu_evidence *out);

/* Is the bit set on every logical CPU? Unknown without raw CPUID. */
struct cpu_answer cpu_has_bit(const struct cpu_evidence *e, enum cpuid_leaf leaf,
                              enum cpuid_reg reg, unsigned bit);

/* Is the flag there on every processor of /proc/cpuinfo? Unknown without it. */
struct cpu_answer cpu_has_flag(const struct cpu_evidence *e, enum cpuinfo_flag flag);

/*
 * Why a register's value is not known of every CPU. A register that the processor says it does
 * not have (a hypervisor may hide it) proves nothing of firmware.
 */
enum status cpu_register_reason(const struct cpu_evidence *e, enum msr_id id);

/* Has the blob sys/kvm this line? */
bool cpu_kvm_says(const struct cpu_evidence *e, const char *line);

/*
 * The kernel is known to be at least this version. Unknown versions are not; *known, if not
 * NULL, tells the two apart.
 */
bool cpu_kernel_at_least(const struct cpu_evidence *e, unsigned major, unsigned minor, bool *known);

/* What the processor probe decides. */
struct virtualization {
    struct cpu_answer capable; /* VT-x, AMD-V or EL2 is in the processor */
    struct cpu_answer enabled; /* and firmware left it on */
    struct cpu_answer slat;    /* EPT with four-level walks and write-back, NPT, or stage 2 */
    struct cpu_answer ept, walk4, write_back; /* Intel */
    struct cpu_answer mbec;                   /* Intel */
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

/*
 * Sets host.arch, host.x86, host.vm, host.hypervisor and vm.vsm: metal or virtual, from the
 * processor, the kernel's log, SMBIOS and the OEM ids of ACPI tables.
 */
void machine_identify(const struct probe_run *p, const struct cpu_evidence *e);

/*
 * The code name that libcpuid gives a processor with these words, as arena text; NULL where it
 * knows none. The library guesses at processors newer than itself: no verdict rests on it, and
 * the text report leaves it out.
 */
const char *cpu_codename(const struct cpuid_cpu *c, const struct cpuid_lib *lib, struct arena *a);

#endif
