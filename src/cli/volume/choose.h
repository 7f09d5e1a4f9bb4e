/* SPDX-License-Identifier: MIT */
/* Which Windows of a disk is meant. */
#ifndef CLI_VOLUME_CHOOSE_H
#define CLI_VOLUME_CHOOSE_H

#include "cli/volume/parts.h"

/*
 * The one that `g` names or, where it names none, the only one. Returns ST_OK; else *problem says,
 * in words that follow the path, which there are and what to do.
 */
enum status choose(const struct given *g, const struct seen *all, size_t n, struct arena *a,
                   const struct seen **out, const char **problem);

/* Why the files of `s` cannot be looked at, and what to do; NULL: they can. */
const char *why_closed(const struct seen *s, struct arena *a);

#endif
