/* SPDX-License-Identifier: MIT */
/* Files with one report per line, which come in pieces. */
#ifndef FLEET_LINES_H
#define FLEET_LINES_H

#include <stddef.h>
#include <stdint.h>

#include "vbscheck/arena.h"
#include "vbscheck/span.h"

/* The source of the bytes. */
struct fleet_source {
    const char *const *files; /* as they were named */
    size_t n;
    /* The next piece of a file, made in `a`; an empty piece is its end. Files are read in order. */
    struct span (*next)(void *context, size_t file, struct arena *a);
    void *context;
};

/* A line and its parsed data, besides jansson's memory: together they fit into LIMIT_DATA. */
enum { LINE_MAX_BYTES = 4 << 20, LINE_SCRATCH_MAX = 14 << 20 };

/* Takes line `number` of `file`, without its end. `whole`: false for one that is too long. */
typedef void fleet_lines_take(void *context, const char *file, uint64_t number, struct span line,
                              bool whole);

/* Hands over every line of all files, empty ones as well. Memory for one line comes from `a`. */
void fleet_lines_read(const struct fleet_source *from, struct arena *a, fleet_lines_take *take,
                      void *context);

#endif
