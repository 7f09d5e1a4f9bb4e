/* SPDX-License-Identifier: MIT */
/* How many processes work at once. */
#ifndef CLI_FLEET_JOBS_H
#define CLI_FLEET_JOBS_H

#include "cli/config.h"

enum { JOBS_MAX = 64 };

/* --jobs, or as many as there are processors; no more than there are pieces of work. */
size_t jobs_of(const struct config *c, size_t pieces);

#endif
