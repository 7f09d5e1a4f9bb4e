/* SPDX-License-Identifier: MIT */
/*
 * The PCI functions of a machine: from the blob `pci` (docs/vbscheck-snapshot.5), or from the text
 * of lspci.
 */
#ifndef PARSE_PCI_PCI_H
#define PARSE_PCI_PCI_H

#include "vbscheck/arena.h"
#include "vbscheck/pci.h"

/* The function at `at`, or NULL. Takes the logarithm of their number. */
const struct pci_function *pci_find(const struct pci_tree *t, struct pci_address at);

/*
 * Parses the blob `pci`, one function per line. Unknown keys are skipped; a line that does not
 * start with an address is an error. Of several lines for one address the first counts.
 * Returns ST_OK or ST_MALFORMED (with *fault, if not NULL); *out is written on success only.
 */
enum status pci_parse(struct span text, struct arena *a, struct pci_tree *out, struct fault *fault);

/*
 * Parses the text of lspci: any mix of -n, -nn, -v, -vv, -k, -D and of hexadecimal dumps (-x,
 * -xxx, -xxxx). Registers in a dump win over decoded lines, except those of a device that answers
 * with ones only. Other lines are skipped, so a cut or mixed text gives the functions it holds; a
 * text without a function is ST_MALFORMED.
 * Returns as pci_parse().
 */
enum status lspci_parse(struct span text, struct arena *a, struct pci_tree *out,
                        struct fault *fault);

#endif
