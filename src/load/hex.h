/* SPDX-License-Identifier: MIT */
/*
 * Tables as other tools than acpidump print them:
 *
 *     0000: 44 4D 41 52 70 00 …  // DMARp…      iasl -d, below "Raw Table Data"
 *   00000000  44 4d 41 52 70 00 …  |DMARp…|     hexdump -C
 *   00000000: 444d 4152 7000 …  DMARp.          xxd
 *   0000000 4d44 5241 0070 …                    hexdump: words, the low byte first
 */
#ifndef LOAD_HEX_H
#define LOAD_HEX_H

#include "vbscheck/snapshot.h"
#include "vbscheck/span.h"

struct hex_line {
    uint64_t offset;
    size_t n;
    uint8_t bytes[16];
};

/* Reads one such line. Returns false, with *out untouched, for any other. */
bool hex_read_line(struct span line, struct hex_line *out);

/*
 * Adds the tables of such a text that some probe wants; each begins at offset 0. A table of fewer
 * bytes than it declares is truncated: it is the copy that is damaged.
 */
void hex_load(struct span text, const char *from, struct snapshot *out);

#endif
