/* SPDX-License-Identifier: MIT */
/*
 * A line of the blob `pci` (docs/vbscheck-snapshot.5): "0000:00:1f.2 class=010601 …". The keys are
 * defined here once, for the writers and for pci_parse().
 */
#ifndef PARSE_PCI_PCI_LINE_H
#define PARSE_PCI_PCI_LINE_H

#include "vbscheck/out.h"
#include "vbscheck/pci.h"

/* Keys whose values are numbers. */
enum pci_line_number {
    PCI_LINE_CLASS,
    PCI_LINE_VENDOR,
    PCI_LINE_DEVICE,
    PCI_LINE_HEADER,
    PCI_LINE_PRIMARY,
    PCI_LINE_SECONDARY,
    PCI_LINE_SUBORDINATE,
    PCI_LINE_GROUP,
    PCI_LINE_EXPRESS,
    PCI_LINE_MASTER,
    PCI_LINE_EXTERNAL,
    PCI_LINE_VMD,
    PCI_LINE_THUNDERBOLT,
    PCI_LINE_NUMBERS
};

extern const struct pci_line_key {
    const char *key;
    int digits;    /* hexadecimal ones; 0: the number is decimal */
    uint64_t most; /* none is larger */
} pci_line_keys[PCI_LINE_NUMBERS];

/* Keys whose values are addresses, and the last key, whose value is the rest of the line. */
#define PCI_LINE_PHYSFN "physfn"
#define PCI_LINE_OWNER  "owner"
#define PCI_LINE_NAME   "name"

/* Starts a line; '\n' ends it. */
void pci_line_begin(struct out *o, struct pci_address at);

/*
 * Each writes a blank, the key, '=' and the value; nothing for a number or name that does not fit.
 */
void pci_line_put_number(struct out *o, enum pci_line_number key, uint64_t value);
void pci_line_put_address(struct out *o, const char *key, struct pci_address at);
void pci_line_put_name(struct out *o, struct span name);

#endif
