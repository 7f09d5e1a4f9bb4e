/* SPDX-License-Identifier: MIT */
/* Files of an input that are no evidence, and how it is said. */
#ifndef LOAD_LEFTOVER_H
#define LOAD_LEFTOVER_H

#include "vbscheck/snapshot.h"

struct leftover {
    size_t reports;      /* of this program */
    size_t links;        /* or devices */
    const char *refusal; /* of a text that is known and decides nothing: what to give */
    const char *archive; /* the last that was not opened, or NULL */
};

/* Why an input is no evidence that holds nothing but this; in one line, made in `a`. */
const char *leftover_problem(const struct leftover *l, bool folder, struct arena *a);

/* True of what this program wrote: in any of its forms with a name and a version of the form. */
bool leftover_is_report(struct span data);

/* Notes of an input that is evidence how many there were. */
void leftover_note(const struct leftover *l, const char *path, struct notes *notes);

#endif
