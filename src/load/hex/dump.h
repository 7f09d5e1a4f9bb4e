/* SPDX-License-Identifier: MIT */
/*
 * Bytes as tools print them; one decoder for all:
 *
 *   0000: 44 4D 41 52 70 00 …  // DMARp…      iasl -d, below "Raw Table Data"
 *   00000000  44 4d 41 52 70 00 …  |DMARp…|   hexdump -C
 *   00000000: 444d 4152 7000 …  DMARp.        xxd
 *   0000000 4d44 5241 0070 …                  hexdump, od -x: words, the low byte first
 *   0000000 044504 051101 …                   od: words in octal, as its offsets are
 *
 * All offsets together show their radix (16, 10 or 8). Only the data can show the order of bytes in
 * a group: nothing here guesses it.
 */
#ifndef LOAD_DUMP_H
#define LOAD_DUMP_H

#include "vbscheck/out.h"
#include "vbscheck/span.h"

enum { HEX_PER_LINE = 32, HEX_BYTES_MAX = 1 << 20 };

struct hex_line {
    struct span offset; /* its digits */
    unsigned width;     /* bytes of a group: 1, 2 or 4; 0 where the line is an offset alone */
    bool octal;         /* the groups are */
    size_t n;
    uint8_t bytes[HEX_PER_LINE]; /* of each group the high digits first, as printed */
};

/* Reads one such line. Returns false, with *out untouched, for any other. */
bool hex_read_line(struct span line, struct hex_line *out);

/* True if the line is of offset 0, where a dump begins. */
bool hex_begins(const struct hex_line *l);

/* Reads lines of bytes without offsets, " 06 00 00 00 07", as `od -An -tx1` prints them. */
bool hex_read_bare(struct span line, struct hex_line *out);

/* A dump while its lines are read. */
struct hex_dump {
    struct out bytes; /* as printed */
    unsigned width, radixes;
    bool sound;    /* each line follows the one before */
    bool squeezed; /* a "*" stands for lines like the last */
    bool ended;    /* by a line with only its length, which is `length` */
    size_t length;
};

void hex_start(struct hex_dump *d, struct arena *a);
void hex_add(struct hex_dump *d, const struct hex_line *l);

/* A line "*": more of the same. */
void hex_squeeze(struct hex_dump *d);

/*
 * The bytes, in `a`: as printed, or `swapped` in each group. Where a dump of words does not end in
 * a line of its length, the last may be half.
 */
struct span hex_bytes(const struct hex_dump *d, bool swapped, struct arena *a);

#endif
