/* SPDX-License-Identifier: MIT */
/* The tables that one source lists, and whether the list is complete. */
#ifndef LOAD_TABLES_H
#define LOAD_TABLES_H

#include "vbscheck/snapshot.h"

/* Tables of one source: an acpidump text, or files of raw tables. */
struct table_list {
    const char *from;    /* NULL: nothing listed */
    size_t n;            /* tables that XSDT would name: not RSDP, XSDT, RSDT, DSDT, FACS */
    uint64_t *addresses; /* of all heads that have one */
    size_t n_addresses;
    struct span xsdt, rsdt, facp;
    bool apic, facs, rsdp;
    unsigned facps; /* heads of FACP, which exists once: with more, the list has duplicates */
    bool cut;       /* the text ends inside a table */
    bool stray;     /* bytes that belong to no table */
    bool broken;    /* a table has no bytes, or some that cannot be read */
    bool sysfs;     /* a folder as /sys/firmware/acpi/tables shows it, `dynamic` included */
};

/* True if some probe wants tables of this signature. */
bool tables_want(struct span signature);

/* True for the tables that show whether a list is whole: XSDT, RSDT, FACP, APIC. */
bool tables_tell_whole(struct span signature);

/* False, with a note, if there are already more tables of this signature than firmware has. */
bool tables_have_room(struct snapshot *out, struct span signature);

/* Adds a table to `out`, if there is room, as acpi/SIG, or acpi/SIG1, acpi/SIG2 as the kernel names
 * duplicates. */
void tables_add(struct snapshot *out, struct span signature, struct blob b);

/* Records that a table of this signature is listed, at `address` or 0; its bytes may follow. */
void tables_list_head(struct table_list *l, struct arena *a, struct span signature,
                      uint64_t address);
void tables_list_bytes(struct table_list *l, struct span signature, struct span bytes);

/*
 * Is this list complete? With a sound XSDT (or RSDT): if each of its addresses is in a head, or,
 * where heads have no address, if the count fits. Without one: a text is complete if it holds FACP,
 * APIC and FACS (no FACS if the FACP says hardware-reduced) and neither RSDP nor stray lines,
 * because Linux's own acpidump reads sysfs, which shows no XSDT; so is a folder as in sysfs. Loose
 * raw tables may be a selection.
 */
bool tables_are_whole(const struct table_list *l, bool text);

/* Adds wanted tables that are missing as absent. */
void tables_add_absent(struct snapshot *out);

#endif
