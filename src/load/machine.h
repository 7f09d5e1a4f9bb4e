/* SPDX-License-Identifier: MIT */
/* Whether loose files belong to one machine: two files that name the same thing must agree. */
#ifndef LOAD_MACHINE_H
#define LOAD_MACHINE_H

#include "load/tables.h"
#include "parse/cpuid.h"
#include "parse/keyval.h"

enum machine_arch { ARCH_UNKNOWN, ARCH_X86, ARCH_ARM };

struct machine {
    struct arena *arena;
    const char *problem; /* one line that names the files, once two disagree or one is refused */
    bool has_cpu;
    struct cpuid_signature cpu;
    const char *cpu_file;
    struct span brand; /* of the processor; empty: unknown */
    const char *brand_file;
    enum machine_arch arch;
    const char *arch_file;
    struct span dmi; /* "Vendor Product", as in the first file; empty: unknown */
    const char *dmi_file;
    struct span fadt; /* "DELL   CBX3     …" as in a log; empty: unknown */
    const char *fadt_file;
};

void machine_takes_cpu(struct machine *m, struct cpuid_signature cpu, const char *file);
void machine_takes_arch(struct machine *m, enum machine_arch arch, const char *file);

/* Records the brand string of CPUID, and checks that it fits the brand string of other texts. */
void machine_takes_brand(struct machine *m, struct span brand, const char *file);
void machine_checks_brand(struct machine *m, struct span brand, const char *file);

/* Records the architecture that ACPI tables and the list of PCI functions show. */
void machine_takes_tables(struct machine *m, const struct snapshot *s);

/*
 * Records a processor from dmidecode: "Signature: Type 0, Family 6, …" on x86, "Signature:
 * Implementor 0x41, …" on Arm.
 */
void machine_takes_processor(struct machine *m, struct span text, const char *file);

/*
 * The name in SMBIOS data: vendor, product and board from dmidecode, or the whole line of a log. A
 * common board is enough: resellers put their own names on machines.
 * Case, blanks, placeholders and spellings of a vendor do not matter: two names contradict each
 * other only if both are real products and neither is part of the other's line.
 */
void machine_takes_name(struct machine *m, struct span name, const char *file);

/* The same for the output of one run of dmidecode. */
void machine_takes_dmi(struct machine *m, struct dmi d, const char *file);

/*
 * A FADT names its maker and model (OEMID and OEM Table ID): these differ between two machines, but
 * not between copies from one machine.
 */
void machine_takes_fadts(struct machine *m, const struct snapshot *s);

/* The same for a log message: "ACPI: FACP 0x000000007AB5F980 000114 (v06 DELL   CBX3 …)". */
void machine_takes_fadt_line(struct machine *m, struct span message, const char *file);

/* Refuses a file that does not show which machine, or which boot, it belongs to. */
void machine_refuses(struct machine *m, const char *file, const char *why);

/* Reports two files that differ and can only belong to two machines. */
void machine_differs(struct machine *m, const char *one, const char *other, const char *what);

#endif
