/* SPDX-License-Identifier: MIT */
/* Where in physical memory the Memory Attributes Table is: three sources that tell it. */
#ifndef COLLECT_MEMATTR_MEMATTR_ADDRESS_H
#define COLLECT_MEMATTR_MEMATTR_ADDRESS_H

#include "collect/memattr/physmem.h"

struct address_source {
    const char *name; /* its word in `efi/memattr-steps` */

    /*
     * Returns ST_OK with an address; ST_ABSENT (firmware publishes no table), ST_MALFORMED (the
     * address it publishes is none), or why this source does not know. A log and an array of
     * configuration tables that lack it prove nothing where they may be cut: ST_TRUNCATED.
     */
    enum status (*find)(struct physmem *m, uint64_t *out);
};

/* In the order in which they are to be asked: the kernel's log costs nothing. */
extern const struct address_source address_sources[];
extern const size_t n_address_sources;

/*
 * Did Linux say that it does not take the table? Then it has not reserved its memory either, and
 * what is there now may be anything.
 */
bool address_is_abandoned(const struct collector *c);

#endif
