/* SPDX-License-Identifier: MIT */
/* Classes of PCI functions in words, as lspci prints them without -n. */
#ifndef PARSE_PCI_PCI_CLASS_H
#define PARSE_PCI_PCI_CLASS_H

#include "vbscheck/span.h"

/*
 * Class and subclass by the name that pci.ids gives them, in any case: 0600h for "Host bridge".
 * Returns false, with *out untouched, for any other.
 */
bool pci_class_named(struct span name, uint64_t *out);

#endif
