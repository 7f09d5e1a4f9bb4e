/* SPDX-License-Identifier: MIT */
/* Names of PCI functions, from the list of libpci (pci.ids). */
#ifndef READER_PCI_NAMES_H
#define READER_PCI_NAMES_H

#include <stddef.h>
#include <stdint.h>

#include "ask/ask.h"

/*
 * The names (vendor and device) of `ids`, in their order; "" if the list has none. `list` is the
 * path of a list that replaces libpci's own, or NULL. All names are "" without libpci, with a list
 * that cannot be read or parsed, and after two seconds.
 */
const struct ask_pci_name *pci_names(const char *list, const struct ask_pci_id *ids, size_t n,
                                     struct arena *a);

#endif
