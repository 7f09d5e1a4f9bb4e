/* SPDX-License-Identifier: MIT */
/* The architecture that ACPI tables and PCI functions belong to. */
#include <string.h>

#include "load/machine.h"
#include "parse/acpi/madt.h"
#include "parse/pci/pci.h"
#include "vbscheck/count.h"

/* Tables that only machines of one architecture have. */
static const struct {
    const char *name;
    enum machine_arch arch;
} tables[] = {
    {"acpi/DMAR", ARCH_X86},
    {"acpi/IVRS", ARCH_X86},
    {"acpi/IORT", ARCH_ARM},
};

static void take_madt(struct machine *m, const struct blob *b)
{
    struct madt madt;
    if (b->st != ST_OK || madt_parse(b->data, &madt, NULL) != ST_OK)
        return;
    machine_takes_arch(m, madt.x86 ? ARCH_X86 : ARCH_UNKNOWN, b->from);
    machine_takes_arch(m, madt.arm ? ARCH_ARM : ARCH_UNKNOWN, b->from);
}

/* Intel's and AMD's host bridges are in x86 processors. */
static void take_functions(struct machine *m, const struct snapshot *s)
{
    enum { INTEL = 0x8086, AMD = 0x1022, HYGON = 0x1d94, HOST_BRIDGE = 0x0600 };
    static const struct pci_address first = {0};
    struct blob b = snap_get(s, "pci");
    struct pci_tree tree;
    if (b.st != ST_OK || pci_parse(b.data, m->arena, &tree, NULL) != ST_OK)
        return;
    const struct pci_function *f = pci_find(&tree, first);
    bool bridge = f != NULL && f->class_told == TOLD_YES && f->class_code >> 8 == HOST_BRIDGE;
    if (bridge && (f->vendor == INTEL || f->vendor == AMD || f->vendor == HYGON))
        machine_takes_arch(m, ARCH_X86, b.from);
}

void machine_takes_tables(struct machine *m, const struct snapshot *s)
{
    for (size_t i = 0; i < s->n; i++) {
        if (strncmp(s->blobs[i].name, "acpi/APIC", 9) == 0)
            take_madt(m, &s->blobs[i]);
    }
    for (size_t i = 0; i < COUNT(tables); i++) {
        struct blob b = snap_get(s, tables[i].name);
        if (b.st == ST_OK)
            machine_takes_arch(m, tables[i].arch, b.from);
    }
    take_functions(m, s);
}

/* dmidecode.c, dmi_processor_id() */
void machine_takes_processor(struct machine *m, struct span text, const char *file)
{
    bool x86 = span_find(text, "\tSignature: Type ", NULL);
    bool arm = span_find(text, "\tSignature: Implementor 0x", NULL);
    machine_takes_arch(m, x86 ? ARCH_X86 : ARCH_UNKNOWN, file);
    machine_takes_arch(m, arm ? ARCH_ARM : ARCH_UNKNOWN, file);
}
