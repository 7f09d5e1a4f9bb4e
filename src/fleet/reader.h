/* SPDX-License-Identifier: MIT */
/* A fleet from files of which each line is a report. */
#ifndef FLEET_READER_H
#define FLEET_READER_H

#include "fleet/fleet.h"

/* Where the bytes come from. */
struct fleet_source {
    const char *const *files; /* as they were named */
    size_t n;
    /* The next piece of a file, made in `a`; an empty one is its end. Files are read in order. */
    struct span (*next)(void *context, size_t file, struct arena *a);
    void *context;
};

/*
 * Counts all reports of all files. A line that is none, is not whole, or is longer than any report
 * is skipped; an empty line is no line.
 */
void fleet_read(struct fleet *f, const struct fleet_source *from);

#endif
