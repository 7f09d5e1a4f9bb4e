/* SPDX-License-Identifier: MIT */
/* /proc/cpuinfo: Linux arch/x86/kernel/cpu/proc.c and arch/arm64/kernel/cpuinfo.c. */
#ifndef PARSE_CPUINFO_H
#define PARSE_CPUINFO_H

#include "vbscheck/span.h"

/* x86 words of "flags", and names of "vmx flags", that matter here. */
enum cpuinfo_flag {
    CPUINFO_LM,
    CPUINFO_BEHIND_LM, /* any of the words that Linux prints behind "lm" */
    CPUINFO_VMX,
    CPUINFO_SMX,
    CPUINFO_SVM,
    CPUINFO_HYPERVISOR,
    CPUINFO_NPT,
    CPUINFO_LBRV, /* of the same leaf as npt, as the next two */
    CPUINFO_SVM_LOCK,
    CPUINFO_NRIP_SAVE,
    CPUINFO_TPR_SHADOW, /* synthetic copy of a VMX capability MSR, as the next */
    CPUINFO_EPT,        /* synthetic copy of the VMX capability MSR */
    CPUINFO_VMX_EPT,    /* on the "vmx flags" line */
    CPUINFO_VMX_MBEC,   /* "ept_mode_based_exec" on the "vmx flags" line, as the next two */
    CPUINFO_VMX_APIC,   /* "vapic_reg" */
    CPUINFO_VMX_VID,    /* "vid" */
    CPUINFO_FLAGS
};

/* A kind of Arm core. Big and little ones differ; the worst decides. */
struct cpuinfo_core {
    unsigned implementer, part; /* of MIDR_EL1 */
    unsigned n;                 /* cores of this kind */
    bool atomics;               /* among the features of all cores of this kind */
};

enum { CPUINFO_CORES = 8 };

struct cpuinfo {
    unsigned processors;
    bool x86;   /* it has a "vendor_id" or "flags" line */
    bool arm64; /* it has a "CPU implementer" line, and its architecture is 8 or later */
    bool arm32; /* a "CPU architecture" below 8: the kernel is of 32 bits, the core may be more */
    bool has_flags;     /* every processor has a "flags" line */
    bool has_vmx_line;  /* every processor has a "vmx flags" line (kernel 5.6 or newer) */
    bool cut;           /* words may be missing: lines were cut, or wrapped within words */
    unsigned all;       /* bit n: flag n is there, on every processor */
    struct span vendor; /* of the first processor, borrowed from the text; may be empty */
    struct span model_name;
    unsigned family, model, stepping;
    struct cpuinfo_core cores[CPUINFO_CORES]; /* of Arm, each kind once */
    unsigned n_cores;
    bool cores_cut; /* there are more kinds */
};

/*
 * True for a line whose words cpuinfo_parse() reads. The caller keeps `*of_words`, false at first,
 * from line to line: a line of flags may go on in the next.
 */
bool cpuinfo_reads(struct span line, bool *of_words);

/*
 * Parses a whole /proc/cpuinfo. Returns ST_OK, or ST_MALFORMED where there is no "processor"
 * line (`fault` as ever); *out is written on success only.
 */
enum status cpuinfo_parse(struct span text, struct cpuinfo *out, struct fault *fault);

bool cpuinfo_has(const struct cpuinfo *c, enum cpuinfo_flag flag);

#endif
