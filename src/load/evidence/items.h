/* SPDX-License-Identifier: MIT */
/* Between the two halves of loose evidence: what the files hold, and what is made of it. */
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
 * A variable is told by its name: attributes and data, which any four bytes could be. Returns false
 * if `file` is not one's name.
 */
bool evidence_take_variable(struct evidence *e, const char *file, struct span data);

/* Makes blobs of all items, kind by kind, until e->machine.problem says that they do not fit. */
void evidence_make_blobs(struct evidence *e);

#endif
