/* SPDX-License-Identifier: MIT */
/* Windows' own reports as evidence: only the rows that count are kept. */
#ifndef LOAD_WINDOWS_WINDOWS_TEXT_H
#define LOAD_WINDOWS_WINDOWS_TEXT_H

#include "load/machine.h"
#include "vbscheck/snapshot.h"

struct windows_file {
    const char *name;
    struct span data;
};

/*
 * Adds the blob `windows` from all these texts together, and, unless `has_dmi`, the blob `dmi` from
 * the names in them. *m names a text that belongs to another machine than the rest.
 */
void windows_load(const struct windows_file *files, size_t n, bool has_dmi, struct machine *m,
                  struct snapshot *out);

#endif
