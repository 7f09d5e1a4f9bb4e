/* SPDX-License-Identifier: MIT */
/* Tables from the bytes that some tool printed. */
#ifndef LOAD_HEX_TABLE_H
#define LOAD_HEX_TABLE_H

#include "vbscheck/snapshot.h"
#include "vbscheck/span.h"

/* True for four characters that could be a signature, and for that of a table that is read. */
bool table_signature(struct span four);
bool table_is_known(struct span four);

/*
 * Adds the table, if some probe wants it: truncated where the copy was not `sound` or has fewer
 * bytes than it declares. `checked`: the order of the bytes was found by the signature alone, and
 * the table is malformed unless its checksum fits.
 */
void table_add_copy(struct span bytes, bool sound, bool checked, const char *from,
                    struct snapshot *out);

#endif
