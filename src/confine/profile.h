/* SPDX-License-Identifier: MIT */
/* The rights and limits of each kind of confined process: one table. */
#ifndef CONFINE_PROFILE_H
#define CONFINE_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One bit each, so that a row of the calls can belong to several. */
enum profile_bit {
    PROFILE_MEMORY = 1 << 0,   /* judges evidence in its memory */
    PROFILE_MACHINE = 1 << 1,  /* asks for a machine's bytes, and judges those */
    PROFILE_STREAM = 1 << 2,   /* asks for the bytes of one file, and judges those */
    PROFILE_HIVE = 1 << 3,     /* makes a library open the one file that it got, by its number */
    PROFILE_VOLUME = 1 << 4,   /* reads the one disk or image that it got, and asks questions */
    PROFILE_NETWORK = 1 << 5,  /* uses a connection that exists, and looks at nothing */
    PROFILE_TEMPLATE = 1 << 6, /* forks judges, and looks at nothing */
};

struct confine_profile {
    const char *name;
    unsigned bit;         /* its column in the table of calls, src/confine/filter.c */
    uint64_t memory;      /* bytes of data, including those it starts with */
    unsigned cpu_seconds; /* CPU time */
    unsigned wall_ms;     /* time limit for its result, silent or not */
    uint64_t landlock;    /* file rights that Landlock leaves it */
    bool needs_landlock;  /* the filter allows calls that only Landlock restricts */
    unsigned descriptors; /* numbers below this may be opened; 0: none */
    bool makes_judges;    /* the filter leaves it fork(), and what a judge confines itself by */
};

extern const struct confine_profile profile_memory, profile_machine, profile_stream, profile_fleet,
    profile_hive, profile_volume, profile_network, profile_template;

#endif
