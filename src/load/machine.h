/* SPDX-License-Identifier: MIT */
/* Whether loose files are of one machine: what two of them both name must agree. */
#ifndef LOAD_MACHINE_H
#define LOAD_MACHINE_H

#include "load/tables.h"
#include "parse/cpuid.h"
#include "parse/keyval.h"

enum machine_arch { ARCH_UNKNOWN, ARCH_X86, ARCH_ARM };

struct machine {
    struct arena *arena;
    const char *problem; /* one line, once two files disagree or one is refused: names them */
    bool has_cpu;
    struct cpuid_signature cpu;
    const char *cpu_file;
    struct span brand; /* of the processor; empty: not told */
    const char *brand_file;
    enum machine_arch arch;
    const char *arch_file;
    struct span dmi; /* "Vendor Product", as the first file has it; empty: not told */
    const char *dmi_file;
    struct span fadt; /* "DELL   CBX3     …" as a log has it; empty: not told */
    const char *fadt_file;
};

void machine_takes_cpu(struct machine *m, struct cpuid_signature cpu, const char *file);
void machine_takes_arch(struct machine *m, enum machine_arch arch, const char *file);

/* The brand string of CPUID, and whether that of another text can be the same processor's. */
void machine_takes_brand(struct machine *m, struct span brand, const char *file);
void machine_checks_brand(struct machine *m, struct span brand, const char *file);

/* The architecture that ACPI tables and the list of PCI functions tell. */
void machine_takes_tables(struct machine *m, const struct snapshot *s);

/*
 * What dmidecode says of a processor: "Signature: Type 0, Family 6, …" of x86, "Signature:
 * Implementor 0x41, …" of Arm.
 */
void machine_takes_processor(struct machine *m, struct span text, const char *file);

/*
 * The name in SMBIOS data: from dmidecode vendor, product and board, from a log all of its line. A
 * board that both have is enough: resellers put names of their own on machines.
 * Case and blanks make no difference, nor do placeholders and two ways to write a vendor: only two
 * real products of which neither is part of the other's line contradict each other.
 */
void machine_takes_name(struct machine *m, struct span name, const char *file);

/* The same of what one run of dmidecode says. */
void machine_takes_dmi(struct machine *m, struct dmi d, const char *file);

/*
 * A FADT names its maker and model (OEMID and OEM Table ID): two machines' differ in that, copies
 * of one machine's do not.
 */
void machine_takes_fadts(struct machine *m, const struct snapshot *s);

/* The same of a message of a log: "ACPI: FACP 0x000000007AB5F980 000114 (v06 DELL   CBX3 …)". */
void machine_takes_fadt_line(struct machine *m, struct span message, const char *file);

/* A file of which one cannot tell what machine, or what boot, it is of. */
void machine_refuses(struct machine *m, const char *file, const char *why);

/* Two files that differ and can only be of two machines. */
void machine_differs(struct machine *m, const char *one, const char *other, const char *what);

#endif
