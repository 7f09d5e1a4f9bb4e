/* SPDX-License-Identifier: MIT */
/*
 * Raw CPUID words as text, in the two forms of libcpuid (`basic_cpuid[1]=…`, written by its
 * serialiser, and the report of cpuid_tool) and AIDA64's (`CPUID 00000001: EAX-EBX-ECX-EDX`).
 * Bits: Intel SDM volume 2, CPUID; AMD APM volume 3, appendix E.
 */
#ifndef PARSE_CPUID_H
#define PARSE_CPUID_H

#include "vbscheck/arena.h"
#include "vbscheck/span.h"

enum cpuid_reg { CPUID_EAX, CPUID_EBX, CPUID_ECX, CPUID_EDX };

/* Bits, named by leaf and register; see cpuid_bit(). */
enum cpuid_bits {
    CPUID_1_ECX_VMX = 5,
    CPUID_1_ECX_SMX = 6,
    CPUID_1_ECX_HYPERVISOR = 31,
    CPUID_7_EDX_HYBRID = 15,
    CPUID_EXT_1_ECX_SVM = 2,
    CPUID_EXT_1_EDX_LM = 29,
    CPUID_EXT_A_EDX_NP = 0,
    CPUID_EXT_A_EDX_GMET = 17,
};

/* The leaves that are read, subleaf 0 where there are several. */
enum cpuid_leaf {
    CPUID_0,
    CPUID_1,
    CPUID_7,
    CPUID_EXT_0,
    CPUID_EXT_1,
    CPUID_EXT_2, /* brand string, three leaves */
    CPUID_EXT_3,
    CPUID_EXT_4,
    CPUID_EXT_8,
    CPUID_EXT_A, /* SVM features */
    CPUID_HV_0,  /* 4000_0000h */
    CPUID_HV_1,
    CPUID_HV_2,
    CPUID_HV_3,
    CPUID_HV_4,
    CPUID_HV_5,
    CPUID_HV_6,
    CPUID_HV_100, /* 4000_0100h, Xen behind Viridian */
    CPUID_LEAVES
};

struct cpuid_cpu {
    size_t offset;  /* of this CPU's first line in the text */
    bool closed;    /* something follows its lines, so none was cut off */
    unsigned known; /* bit n: leaf n was in the text */
    uint32_t leaf[CPUID_LEAVES][4];
};

struct cpuid {
    struct cpuid_cpu *cpus; /* logical CPUs in the order of the text */
    size_t n;
};

enum { CPUID_MAX_CPUS = 4096 };

/*
 * Parses a text of any of the forms; other lines are skipped, so other sections may follow a dump.
 * A CPU starts at each leaf 0.
 *
 * Returns ST_OK; ST_MALFORMED where no CPU is found, or one has no leaf 0 or leaf 1, or a CPUID
 * line cannot be read; ST_TRUNCATED never. `fault` as ever. *out is written on success only.
 */
enum status cpuid_parse(struct span text, struct arena *a, struct cpuid *out, struct fault *fault);

/* True if `leaf` is in the text and not above the CPU's maximum basic or extended leaf. */
bool cpuid_has(const struct cpuid_cpu *c, enum cpuid_leaf leaf);

/*
 * True if the processor may have `leaf` but the text does not hold it: the leaf is not above the
 * maximum, or the text ends before the maximum. Such a dump was cut and does not prove anything
 * missing. (Dumps of processors without extended leaves, which have no leaf 4 either, have no line
 * for their maximum.)
 */
bool cpuid_is_missing(const struct cpuid_cpu *c, enum cpuid_leaf leaf);

/* Bit `bit` of a register, false where the leaf is not there (see cpuid_has()). */
bool cpuid_bit(const struct cpuid_cpu *c, enum cpuid_leaf leaf, enum cpuid_reg reg, unsigned bit);

/* The 12 characters of leaf 0 (EBX, EDX, ECX) into out[13]; bytes are as found. */
void cpuid_vendor(const struct cpuid_cpu *c, char out[13]);

/* The brand string of leaves 8000_0002h to 4h into out[49], trimmed; "" where there is none. */
void cpuid_brand(const struct cpuid_cpu *c, char out[49]);

/* The 12 characters of a hypervisor leaf (EBX, ECX, EDX) into out[13]. */
void cpuid_hypervisor_id(const struct cpuid_cpu *c, enum cpuid_leaf leaf, char out[13]);

/*
 * Parses the blob `cpuid-hypervisor`: lines in AIDA64's form for leaves 4000_0000h and up, with
 * no leaf 0. Unlike cpuid_parse() it demands no leaf. Returns ST_OK or ST_MALFORMED.
 */
enum status cpuid_parse_hypervisor(struct span text, struct cpuid_cpu *out, struct fault *fault);

/*
 * The text of these processors in AIDA64's form, made in `a`: only the leaves that are read, and,
 * if the last processor is closed, a last line that is not a CPUID line.
 */
struct span cpuid_write(const struct cpuid *c, struct arena *a);

struct cpuid_signature {
    unsigned family;
    unsigned model;
    unsigned stepping;
};

/* Family, model and stepping from leaf 1 EAX, with the extended fields added as in the manuals. */
struct cpuid_signature cpuid_signature(uint32_t eax);

#endif
