/* SPDX-License-Identifier: MIT */
/* Tables in the hexadecimal, octal and base64 output of tools other than acpidump. */
#ifndef LOAD_HEX_H
#define LOAD_HEX_H

#include "vbscheck/snapshot.h"
#include "vbscheck/span.h"

/* True of the first line of a table in such a dump: its signature shows, in either byte order. */
bool hex_opens_table(struct span line);

/*
 * Adds the tables of such a text that some probe wants; each begins at offset 0. A table of fewer
 * bytes than it declares is truncated: its copy is damaged. For words, the order that gives a
 * signature is used; a table whose bytes then do not add up is malformed, since the order may be
 * wrong.
 */
void hex_load(struct span text, const char *from, struct snapshot *out);

/* True of the first line of a table in base64, or in digits without anything between (xxd -p). */
bool base64_opens_table(struct span line);
void base64_load(struct span text, const char *from, struct snapshot *out);

/* Decodes one line of base64, in `a`. Returns false, with *out untouched, for any other line. */
bool base64_read_line(struct span line, struct arena *a, struct span *out);

#endif
