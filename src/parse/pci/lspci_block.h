/* SPDX-License-Identifier: MIT */
/* Shared only by the files of lspci_parse(): the data that lspci prints about one function. */
#ifndef PARSE_PCI_LSPCI_BLOCK_H
#define PARSE_PCI_LSPCI_BLOCK_H

#include "parse/pci/pci.h"

/* The part of the configuration space that holds the list of capabilities. */
enum { LSPCI_CONFIG_LEN = 256 };

/* A function while it is put together. */
struct lspci_draft {
    struct pci_function f;
    enum told header;   /* its header is a bridge's */
    bool dumped;        /* registers come from a dump */
    bool vsec_1234;     /* it has the capability of Intel's Thunderbolt devices */
    uint16_t vfs;       /* SR-IOV: virtual functions that are enabled, ... */
    uint16_t vf_offset; /* ... how far the first one is from this function, */
    uint16_t vf_stride; /* each from the one before, */
    uint16_t vf_device; /* and their device id; 0: unknown */
};

/* The lines of one function. */
struct lspci_block {
    struct lspci_draft d;
    bool record;       /* of -vmm */
    size_t indent;     /* of its decoded top-level lines; 0: none seen */
    bool lists_caps;   /* some capability is listed ... */
    bool caps_broken;  /* ... but not all */
    bool decoded_ends; /* the end of the decoded lines was seen */
    bool in_sriov;     /* parts belong to the SR-IOV capability */
    uint8_t config[LSPCI_CONFIG_LEN];
    size_t have; /* bytes of `config`, from its start */
};

/*
 * Reads the address at the start of a trimmed line; *line becomes the text after it, trimmed.
 * Returns false, with both untouched, if the line is not the header of a function.
 */
bool lspci_take_header(struct span *line, struct pci_address *out);

/* Reads the rest of a header into class, ids and name. */
void lspci_read_header(struct span rest, struct pci_function *f);

/*
 * The first line of a record of -vmm, "Slot: 00:1f.2" ("Device:" of -vm): only an address. Returns
 * as lspci_take_header() does, with *line empty.
 */
bool lspci_take_slot(struct span *line, struct pci_address *out);

/* Reads a line of a record, "Class: Host bridge [0600]". False for any other line. */
bool lspci_read_record(struct lspci_block *b, struct span line);

/* "0106", or "SATA controller [0106]". */
bool lspci_read_id(struct span s, uint64_t *out);
void lspci_set_class(struct pci_function *f, uint64_t class);

/* The interface, two digits, of a function whose class was set. */
void lspci_set_interface(struct pci_function *f, struct span s);

/* Exactly `digits` hexadecimal digits at the start of *s. False, with both untouched, if not. */
bool lspci_take_hex(struct span *s, size_t digits, uint64_t *out);

/* Reads a trimmed line of a dump. False for any other line. */
bool lspci_read_dump(struct lspci_block *b, struct span line);

/* Reads the registers that were dumped, which win over decoded lines. */
void lspci_read_registers(struct lspci_block *b);

/* Reads a trimmed decoded line, `indent` bytes from its margin. */
void lspci_read_decoded(struct lspci_block *b, struct span line, size_t indent);

#endif
