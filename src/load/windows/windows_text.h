/* SPDX-License-Identifier: MIT */
/* Windows' own reports as evidence: nothing of them but the rows that count goes on. */
#ifndef LOAD_WINDOWS_WINDOWS_TEXT_H
#define LOAD_WINDOWS_WINDOWS_TEXT_H

#include "load/machine.h"
#include "vbscheck/snapshot.h"

struct windows_file {
    const char *name;
    struct span data;
};

/*
 * Adds the blob `windows`, of all these texts together, and the blob `dmi` of the names that they
 * hold unless `has_dmi`. A text of another machine than the rest is named in *m.
 */
void windows_load(const struct windows_file *files, size_t n, bool has_dmi, struct machine *m,
                  struct snapshot *out);

#endif
