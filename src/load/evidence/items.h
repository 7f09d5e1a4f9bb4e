/* SPDX-License-Identifier: MIT */
/*
 * Shared by the two halves of loose evidence: the content of the files, and the blobs made from it.
 */
#ifndef LOAD_EVIDENCE_ITEMS_H
#define LOAD_EVIDENCE_ITEMS_H

#include "load/leftover.h"
#include "load/load.h"
#include "load/machine.h"
#include "load/tables.h"

/* The content of one kind in one file. */
struct item {
    enum kind kind;
    const char *file;
    struct span data;
};

struct evidence {
    struct snapshot *out;
    const struct libs *libs;
    struct item *items;
    size_t n;
    size_t used; /* files that were of use */
    struct leftover left;
    struct machine machine;
    struct table_list dump; /* of acpidump text */
    struct table_list raw;  /* of raw tables, each a file of its own */
};

/*
 * A variable is recognised by its name: any four bytes could be its attributes. Returns false if
 * `file` is not the name of a variable.
 */
bool evidence_take_variable(struct evidence *e, const char *file, struct span data);

/* Makes blobs of all items, kind by kind, until e->machine.problem says that they do not fit. */
void evidence_make_blobs(struct evidence *e);

#endif
