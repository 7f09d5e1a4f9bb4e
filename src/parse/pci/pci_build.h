/* SPDX-License-Identifier: MIT */
/* What pci_parse() and lspci_parse() share. Not for others. */
#ifndef PARSE_PCI_PCI_BUILD_H
#define PARSE_PCI_PCI_BUILD_H

#include "vbscheck/pci.h"

enum { PCI_VENDOR_INTEL = 0x8086 };

/* Where what a text says of an address stands in a list that is in the text's order. */
struct pci_key {
    struct pci_address at;
    uint32_t index;
};

/* Sorts by address; of one address, by index. */
void pci_sort(struct pci_key *keys, size_t n);

/*
 * Completes a function of which all is known that will be: what follows from its class and ids.
 * `header` tells whether its header is a bridge's. Buses of what is no bridge are dropped.
 */
void pci_settle(struct pci_function *f, enum told header);

/* Does a header type (register 0Eh) say that this is a bridge? */
enum told pci_header_bridge(uint8_t header_type);

/* At most PCI_NAME_MAX bytes of `name`, whole characters of UTF-8. */
struct span pci_cut_name(struct span name);

/* Adds a settled function at the end of the tree, whose array has room for it. */
void pci_append(struct pci_tree *t, const struct pci_function *f);

#endif
