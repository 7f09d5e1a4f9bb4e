/* SPDX-License-Identifier: MIT */
/* Looks at driver files, for the verb and for --drivers of a scan: batches of confined judges. */
#ifndef CLI_DRIVERS_H
#define CLI_DRIVERS_H

#include "cli/config.h"
#include "vbscheck/span.h"

/*
 * Looks at the files of `paths` and of the folders among them. *out becomes the blob `drivers`,
 * made in `a`. Each file that cannot be read costs a line on standard error.
 * Returns false if something could not be looked at.
 */
bool drivers_look(const struct config *c, const char *const *paths, size_t n, struct arena *a,
                  struct span *out);

#endif
