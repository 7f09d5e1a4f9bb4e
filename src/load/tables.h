/* SPDX-License-Identifier: MIT */
/* Which tables one source lists, and whether that is all of them. */
#ifndef LOAD_TABLES_H
#define LOAD_TABLES_H

#include "vbscheck/snapshot.h"

/* Tables of one source: an acpidump text, or files of raw tables. */
struct table_list {
    const char *from;    /* NULL: nothing listed */
    size_t n;            /* those that XSDT would name: without RSDP, XSDT, RSDT, DSDT, FACS */
    uint64_t *addresses; /* of all that have one */
    size_t n_addresses;
    struct span xsdt, rsdt, facp;
    bool apic, facs, rsdp;
    unsigned facps; /* heads of a table that is there once: more, and the list holds some twice */
    bool cut;       /* the text ends inside a table */
    bool stray;     /* bytes that belong to no table */
    bool broken;    /* a table has no bytes, or some that cannot be read */
    bool sysfs;     /* a folder as /sys/firmware/acpi/tables shows it, `dynamic` included */
};

/* True if some probe wants tables of this signature. */
bool tables_want(struct span signature);

/* True of the tables that tell whether a list is whole: XSDT, RSDT, FACP, APIC. */
bool tables_tell_whole(struct span signature);

/* False, with a note, where there are as many tables of this signature as any firmware has. */
bool tables_have_room(struct snapshot *out, struct span signature);

/* Adds a table to `out`, if there is room, as acpi/SIG, or acpi/SIG1, acpi/SIG2 as the kernel names
 * duplicates. */
void tables_add(struct snapshot *out, struct span signature, struct blob b);

/* A table of this signature is listed, at `address` or 0; then, of some, its bytes. */
void tables_list_head(struct table_list *l, struct arena *a, struct span signature,
                      uint64_t address);
void tables_list_bytes(struct table_list *l, struct span signature, struct span bytes);

/*
 * Is this list all there is? With a sound XSDT (or RSDT), if each address in it stands in a head,
 * or, where heads have none, if the count fits. Without: a text that holds FACP, APIC and FACS (no
 * FACS where the FACP says hardware-reduced) and neither RSDP nor stray lines, for Linux's own
 * acpidump reads sysfs, which shows no XSDT; and a folder as sysfs shows it. Loose raw tables are
 * what somebody picked.
 */
bool tables_are_whole(const struct table_list *l, bool text);

/* Adds wanted tables that are not there as absent. */
void tables_add_absent(struct snapshot *out);

#endif
