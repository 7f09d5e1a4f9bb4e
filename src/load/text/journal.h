/* SPDX-License-Identifier: MIT */
/* Records of the journal, in any order, and the lines made from them. */
#ifndef LOAD_JOURNAL_H
#define LOAD_JOURNAL_H

#include "vbscheck/arena.h"
#include "vbscheck/span.h"

/* One record of the kernel. Times are microseconds, real ones since 1970. */
struct journal_record {
    struct span message; /* as it stands in the text */
    struct span boot, host, machine;
    bool has_escapes; /* those of JSON, in the message */
    bool has_real, has_monotonic, has_stamp;
    uint64_t real, monotonic;
    uint64_t stamp; /* by the kernel itself */
    size_t at;      /* place in the text; journal_write() fills it in, */
    size_t age;     /* and the number of its boot */
};

struct journal {
    struct journal_record *items;
    size_t n;
};

/*
 * The records as lines of `journalctl -o short-iso`, each with the kernel's stamp: boots in the
 * order of their dates, with a marker between; within a boot by the monotonic clock. If a boot has
 * no date, the marker says that the order is unknown. Takes n log n.
 */
struct span journal_write(struct journal *j, struct arena *a);

#endif
