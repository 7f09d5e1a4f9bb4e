/* SPDX-License-Identifier: MIT */
/* What each kind of confined process may do, and how much of it: one table. */
#ifndef CONFINE_PROFILE_H
#define CONFINE_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One bit each, so that a row of the calls can belong to several. */
enum profile_bit {
    PROFILE_MEMORY = 1 << 0,  /* judges evidence that it finds in its memory */
    PROFILE_MACHINE = 1 << 1, /* asks for a machine's bytes, and judges those */
    PROFILE_STREAM = 1 << 2,  /* asks for the bytes of one file, and judges those */
    PROFILE_HIVE = 1 << 3,    /* has a library open the one file that it was given, by its number */
    PROFILE_VOLUME = 1 << 4,  /* reads the one disk or image that it was given, and asks */
    PROFILE_NETWORK = 1 << 5, /* uses a connection that is there, and looks at nothing */
};

struct confine_profile {
    const char *name;
    unsigned bit;         /* its column in the table of calls, src/confine/filter.c */
    uint64_t memory;      /* bytes of data, those it began with among them */
    unsigned cpu_seconds; /* of its own time */
    unsigned wall_ms;     /* until its result must be there, silent or not */
    uint64_t landlock;    /* rights to files that Landlock leaves it */
    bool needs_landlock;  /* the filter leaves it calls that Landlock has to answer */
    unsigned descriptors; /* numbers below this may be opened; 0: none */
};

extern const struct confine_profile profile_memory, profile_machine, profile_stream, profile_fleet,
    profile_hive, profile_volume, profile_network;

#endif
