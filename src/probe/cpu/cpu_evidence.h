/* SPDX-License-Identifier: MIT */
/* The data of all sources about the processor, collected once for all probes. */
#ifndef PROBE_CPU_CPU_EVIDENCE_H
#define PROBE_CPU_CPU_EVIDENCE_H

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

/* Every source about the processor, parsed; each with its status. */
struct cpu_evidence {
    enum status cpuid_st;
    struct cpuid cpuid;
    enum status hypervisor_st; /* ST_ABSENT: no hypervisor leaves */
    struct cpuid_cpu hypervisor;
    enum status cpuinfo_st;
    struct cpuinfo cpuinfo;
    enum status msr_st; /* status of the blob; each register has its own */
    struct msrs msrs;
    struct span msr_text;
    struct klog log;
    struct span release;             /* of the kernel; empty when unknown */
    struct span kvm;                 /* the blob sys/kvm */
    struct cpu_answer has_kvm_intel; /* true if the kernel was built with KVM_INTEL */
    enum cpu_vendor vendor;
    bool x86;
    bool arm64;
    struct origin arch_from; /* what tells one of the two */
};

void cpu_gather(const struct probe_run *p, struct cpu_evidence *out);

/* Is the bit set on every logical CPU? Unknown without raw CPUID. */
struct cpu_answer cpu_has_bit(const struct cpu_evidence *e, enum cpuid_leaf leaf,
                              enum cpuid_reg reg, unsigned bit);

/* The same for a line that exists: if lines were cut, a missing word does not prove absence. */
struct cpu_answer cpu_told_flag(const struct cpu_evidence *e, enum cpuinfo_flag flag);

/* Is the flag there on every processor of /proc/cpuinfo? Unknown without it. */
struct cpu_answer cpu_has_flag(const struct cpu_evidence *e, enum cpuinfo_flag flag);

/*
 * Why a register's value is not known on every CPU. If the processor denies having the register (a
 * hypervisor may hide it), that proves nothing about firmware.
 */
enum status cpu_register_reason(const struct cpu_evidence *e, enum msr_id id);

/* Does the blob sys/kvm contain this line? */
bool cpu_kvm_says(const struct cpu_evidence *e, const char *line);

/*
 * True if the kernel is known to be at least this version. False for unknown versions; *known, if
 * not NULL, tells the two apart.
 */
bool cpu_kernel_at_least(const struct cpu_evidence *e, unsigned major, unsigned minor, bool *known);

#endif
