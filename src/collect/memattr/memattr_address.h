/* SPDX-License-Identifier: MIT */
/* The physical address of the Memory Attributes Table, from three sources. */
#ifndef COLLECT_MEMATTR_MEMATTR_ADDRESS_H
#define COLLECT_MEMATTR_MEMATTR_ADDRESS_H

#include "collect/memattr/physmem.h"

struct address_source {
    const char *name; /* its word in `efi/memattr-steps` */

    /*
     * Returns ST_OK with an address; ST_ABSENT (firmware publishes no table), ST_MALFORMED (it
     * publishes an invalid address), or why this source does not know. A log or an array of
     * configuration tables without the table proves nothing if it may be cut: ST_TRUNCATED.
     */
    enum status (*find)(struct physmem *m, uint64_t *out);
};

/* In the order in which to ask them: the kernel's log costs nothing. */
extern const struct address_source address_sources[];
extern const size_t n_address_sources;

/*
 * Did Linux report that it does not use the table? Then it has not reserved the table's memory
 * either, and anything may be there now.
 */
bool address_is_abandoned(const struct collector *c);

#endif
