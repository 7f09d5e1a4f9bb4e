/* SPDX-License-Identifier: MIT */
/*
 * The generation of a processor, and whether it is one for which Windows 11 turns memory
 * integrity on by default: "Intel 8th generation or later, AMD Zen 2 or later, Qualcomm Snapdragon
 * 8180 or later" (Microsoft, "Memory integrity and VBS enablement", since version 22H2).
 */
#ifndef PROBE_CPU_GENERATION_GENERATION_H
#define PROBE_CPU_GENERATION_GENERATION_H

#include "probe/cpu/cpu_evidence.h"

/* Is a processor on Microsoft's list? */
enum listed {
    LISTED_OPEN, /* the list does not decide: servers, Atoms, makers that it does not name */
    LISTED_YES,
    LISTED_NO,
    LISTED_BY_BRAND, /* two generations share the model: the brand string decides */
    LISTED_CONFLICT, /* model and brand, or model and features, contradict each other */
};

/* A generation, as far as it is known. */
struct generation {
    const char *name; /* NULL: unknown */
    enum listed listed;
};

/* The data that identifies an x86 processor. */
struct processor {
    struct span vendor; /* of CPUID leaf 0; empty: unknown */
    struct span brand;
    struct span codename; /* from libcpuid; empty: none */
    bool has_signature;
    unsigned family, model, stepping;
    bool has_gmet, gmet; /* AMD's feature that came with Zen 2 */
};

/* The generation of an x86 processor. */
struct generation generation_x86(const struct processor *p);

/* The row of the table of models; name NULL if there is none. */
struct generation generation_intel(unsigned family, unsigned model, unsigned stepping);
struct generation generation_amd(unsigned family, unsigned model);

/*
 * The generation that libcpuid's code name ("Core i5 (Whiskey Lake-U)") implies; name NULL if there
 * is none.
 */
struct generation generation_by_codename(struct span codename);

/*
 * The generation of Intel's Core in a brand string: 1 to 14, GENERATION_ULTRA for all later names
 * ("Core Ultra 7", "Core 5 120U"), 0 if there is none.
 */
enum { GENERATION_ULTRA = 15, GENERATION_FIRST_LISTED = 8 };
unsigned generation_of_brand(struct span brand);

/* The generation of an Arm machine, by the kinds of its cores and their number. */
struct generation generation_arm(const struct cpuinfo_core *cores, unsigned n);

/* The same by the name that Windows prints: "Snapdragon(R) X Elite", "Microsoft SQ2". */
struct generation generation_arm_brand(struct span brand);

/* Sets cpu.generation and cpu.generation-listed. */
void cpu_give_generation(const struct probe_run *p, const struct cpu_evidence *e);

#endif
