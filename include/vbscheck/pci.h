/* SPDX-License-Identifier: MIT */
/*
 * PCI functions, as every layer uses them. Field names follow the PCI Local Bus Specification 3.0
 * and the PCI-to-PCI Bridge Architecture Specification 1.2. src/parse/pci/pci.h reads them.
 */
#ifndef VBSCHECK_PCI_H
#define VBSCHECK_PCI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vbscheck/arena.h"
#include "vbscheck/span.h"

/* Where a function is. Domains above FFFFh are Linux's own, for the children of Intel VMD. */
struct pci_address {
    uint32_t domain;
    uint8_t bus, device, function;
};

/* Something that a source of evidence may say or leave open. {0} is "not told". */
enum told { NOT_TOLD, TOLD_NO, TOLD_YES };

enum { PCI_NO_GROUP = -1, PCI_FUNCTIONS_MAX = 32768, PCI_NAME_MAX = 96 };

struct pci_function {
    struct pci_address at;
    enum told class_told;
    uint32_t class_code;     /* base class, subclass, interface: 24 bits; 0 where not told */
    uint16_t vendor, device; /* 0: not told */
    enum told is_bridge;     /* header type 1 or 2 */
    enum told has_buses;     /* the three below are known; only for bridges */
    uint8_t primary, secondary, subordinate;
    enum told express;    /* it has a PCI Express capability */
    enum told bus_master; /* command register, bit 2 */
    enum told external;   /* Linux: plugged in below a port that faces outwards ("removable") */
    bool thunderbolt;     /* it identifies itself as part of Thunderbolt or USB4 */
    bool vmd;             /* an Intel VMD controller, which owns domains above FFFFh */
    int32_t group;        /* Linux's IOMMU group, or PCI_NO_GROUP */
    bool has_physfn;      /* a virtual function of SR-IOV ... */
    struct pci_address physfn; /* ... of this physical one */
    bool has_owner;            /* behind a VMD controller ... */
    struct pci_address owner;  /* ... this one */
    struct span name;          /* for people, up to PCI_NAME_MAX bytes, borrowed; may be empty */
};

struct pci_tree {
    struct pci_function *functions; /* in the order of their addresses; each address once */
    size_t n;
    bool tells_groups; /* some function has a group */
    /* More than PCI_FUNCTIONS_MAX lines or blocks; the rest is left out. Repeated ones count. */
    bool cut;
};

/* The order of domain, bus, device and function: less than, equal to or greater than 0. */
int pci_address_compare(struct pci_address a, struct pci_address b);

/* Bus, device and function as they are on the wire: bus in 15:8, device in 7:3, function in 2:0. */
uint16_t pci_requester_id(struct pci_address a);

/* Reads "0000:00:1f.2", or "00:1f.2" of domain 0, at the start of *s, which moves past it.
 * Returns false, with both untouched, where there is none. */
bool pci_take_address(struct span *s, struct pci_address *out);

/* "0000:00:1f.2" */
const char *pci_address_text(struct arena *a, struct pci_address at);

/* Name of a function's class: "network controller". Never NULL. */
const char *pci_kind(const struct pci_function *f);

/* The same with name and ids: "network controller, Example Corp. NIC [8086:100e]". */
const char *pci_describe(struct arena *a, const struct pci_function *f);

#endif
