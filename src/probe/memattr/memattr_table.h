/* SPDX-License-Identifier: MIT */
/* The facts that the entries of a Memory Attributes Table give. */
#ifndef PROBE_MEMATTR_MEMATTR_TABLE_H
#define PROBE_MEMATTR_MEMATTR_TABLE_H

#include "parse/memattr.h"
#include "probe/probe.h"

/* The part of the table that was seen. */
struct mat_sight {
    enum status st;   /* ST_OK: `table` has its entries; else why they are not known */
    bool insane;      /* there is something, and it is no table */
    bool cut_short;   /* Linux complains of a header, and the line that tells of it was cut */
    bool from_log;    /* rebuilt from a kernel log, which may lack lines */
    const char *blob; /* of the entries, or that should have held them */
    const char *read_from;
    struct memattr table;
    struct memattr_log log;
};

/* Gives every fact but mat.published, adds findings and notes, and the view for reports. */
void mat_table_give(const struct probe_run *p, const struct mat_sight *s);

#endif
