/* SPDX-License-Identifier: MIT */
/* Files of an input that are not evidence, and the messages about them. */
#ifndef LOAD_LEFTOVER_H
#define LOAD_LEFTOVER_H

#include "vbscheck/snapshot.h"

struct leftover {
    size_t reports;      /* of this program */
    size_t links;        /* or devices */
    const char *refusal; /* for a known text that decides nothing: what to give instead */
    const char *archive; /* the last that was not opened, or NULL */
};

/* Why an input that holds only such files is not evidence; one line, made in `a`. */
const char *leftover_problem(const struct leftover *l, bool folder, struct arena *a);

/* True for output of this program, in any form that has a name and a version. */
bool leftover_is_report(struct span data);

/* For an input that is evidence, notes how many such files there were. */
void leftover_note(const struct leftover *l, const char *path, struct notes *notes);

#endif
