/* SPDX-License-Identifier: MIT */
/* Class codes: PCI Code and ID Assignment Specification 1.11, section 1. */
#include "parse/pci/pci_build.h"

#include <stdlib.h>

#include "vbscheck/count.h"

static int by_address(const void *a, const void *b)
{
    const struct pci_key *x = a;
    const struct pci_key *y = b;
    int order = pci_address_compare(x->at, y->at);
    if (order != 0)
        return order;
    return (x->index > y->index) - (x->index < y->index);
}

void pci_sort(struct pci_key *keys, size_t n)
{
    size_t i = 1;
    while (i < n && by_address(&keys[i - 1], &keys[i]) < 0)
        i++;
    if (i < n) /* Linux and lspci list functions in this order already */
        qsort(keys, n, sizeof *keys, by_address);
}

enum told pci_header_bridge(uint8_t header_type)
{
    static const enum told layouts[] = {TOLD_NO, TOLD_YES, TOLD_YES};
    unsigned layout = header_type & 0x7f; /* bit 7: the device has several functions */
    return layout < COUNT(layouts) ? layouts[layout] : NOT_TOLD;
}

/* PCI-to-PCI, CardBus and semi-transparent PCI-to-PCI bridges. */
static enum told class_bridge(const struct pci_function *f)
{
    unsigned class = f->class_code >> 8;
    if (f->class_told != TOLD_YES)
        return NOT_TOLD;
    return class == 0x0604 || class == 0x0607 || class == 0x0609 ? TOLD_YES : TOLD_NO;
}

/* Linux drivers/pci/controller/vmd.c. 09AB, a sibling function of VMD, owns no functions. */
static bool is_vmd(const struct pci_function *f)
{
    static const uint16_t devices[] = {
        0x201d, 0x28c0, 0x467f, 0x4c3d, 0x7d0b, 0x9a0b, 0xa77f, 0xad0b, 0xb06f, 0xb60b,
    };
    if (f->vendor != PCI_VENDOR_INTEL || f->class_code >> 8 != 0x0104)
        return false;
    for (size_t i = 0; i < COUNT(devices); i++) {
        if (f->device == devices[i])
            return true;
    }
    return false;
}

void pci_settle(struct pci_function *f, enum told header)
{
    f->is_bridge = header != NOT_TOLD ? header : class_bridge(f);
    if (f->is_bridge != TOLD_YES) {
        f->has_buses = NOT_TOLD;
        f->primary = 0;
        f->secondary = 0;
        f->subordinate = 0;
    }
    f->vmd = f->vmd || is_vmd(f);
    f->thunderbolt = f->thunderbolt || f->class_code == 0x0c0340; /* USB4 host interface */
}

struct span pci_cut_name(struct span name)
{
    if (name.len <= PCI_NAME_MAX)
        return name;
    name.len = PCI_NAME_MAX;
    while (name.len > 0 && (name.ptr[name.len] & 0xc0) == 0x80)
        name.len--;
    return name;
}

void pci_append(struct pci_tree *t, const struct pci_function *f)
{
    t->functions[t->n++] = *f;
    t->tells_groups = t->tells_groups || f->group != PCI_NO_GROUP;
}
