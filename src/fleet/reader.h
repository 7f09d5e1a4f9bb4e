/* SPDX-License-Identifier: MIT */
/* Reads a fleet from files with one report per line. */
#ifndef FLEET_READER_H
#define FLEET_READER_H

#include "fleet/fleet.h"

/* The source of the bytes. */
struct fleet_source {
    const char *const *files; /* as they were named */
    size_t n;
    /* The next piece of a file, made in `a`; an empty piece is its end. Files are read in order. */
    struct span (*next)(void *context, size_t file, struct arena *a);
    void *context;
};

/*
 * Counts all reports of all files. Skips a line that is not a report, not whole, or longer than any
 * report; ignores empty lines.
 */
void fleet_read(struct fleet *f, const struct fleet_source *from);

#endif
