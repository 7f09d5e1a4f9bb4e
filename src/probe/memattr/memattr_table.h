/* SPDX-License-Identifier: MIT */
/* The facts from the entries of a Memory Attributes Table. */
#ifndef PROBE_MEMATTR_MEMATTR_TABLE_H
#define PROBE_MEMATTR_MEMATTR_TABLE_H

#include "parse/memattr.h"
#include "probe/probe.h"

/* The part of the table that was seen. */
struct mat_sight {
    enum status st;   /* ST_OK: `table` has its entries; else why they are unknown */
    bool insane;      /* there is data, but it is not a table */
    bool cut_short;   /* Linux complains about a header, but the line with its values was cut */
    bool from_log;    /* rebuilt from a kernel log, which may lack lines */
    const char *blob; /* the blob that has the entries, or should have them */
    const char *read_from;
    struct memattr table;
    struct memattr_log log;
};

/* Sets every fact except mat.published, adds findings and notes, and the view for reports. */
void mat_table_give(const struct probe_run *p, const struct mat_sight *s);

#endif
