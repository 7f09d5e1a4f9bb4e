/* SPDX-License-Identifier: MIT */
/* Shared only by pci_parse() and lspci_parse(). */
#ifndef PARSE_PCI_PCI_BUILD_H
#define PARSE_PCI_PCI_BUILD_H

#include "vbscheck/pci.h"

enum { PCI_VENDOR_INTEL = 0x8086 };

/* Index of an address's data in a list that has the order of the text. */
struct pci_key {
    struct pci_address at;
    uint32_t index;
};

/* Sorts by address; of one address, by index. */
void pci_sort(struct pci_key *keys, size_t n);

/*
 * Completes a function after all its data was read: adds what follows from its class and ids.
 * `header`: whether its header is a bridge's. Drops the buses of a function that is not a bridge.
 */
void pci_settle(struct pci_function *f, enum told header);

/* Does a header type (register 0Eh) say that this is a bridge? */
enum told pci_header_bridge(uint8_t header_type);

/* At most PCI_NAME_MAX bytes of `name`, whole characters of UTF-8. */
struct span pci_cut_name(struct span name);

/* Adds a settled function at the end of the tree, whose array has room for it. */
void pci_append(struct pci_tree *t, const struct pci_function *f);

#endif
