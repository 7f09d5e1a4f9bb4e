/* SPDX-License-Identifier: MIT */
/* The kinds of evidence that --from takes, for people who have to create it. */
#ifndef LOAD_KINDS_H
#define LOAD_KINDS_H

#include <stddef.h>

struct evidence_kind {
    const char *name;
    const char *command; /* that makes it */
    const char
        *rules; /* ids of those that it can decide, by itself or with others; blanks between */
};

extern const struct evidence_kind evidence_kinds[];
extern const size_t n_evidence_kinds;

#endif
