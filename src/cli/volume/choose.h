/* SPDX-License-Identifier: MIT */
/* Chooses the Windows of a disk that is meant. */
#ifndef CLI_VOLUME_CHOOSE_H
#define CLI_VOLUME_CHOOSE_H

#include "cli/volume/parts.h"

/*
 * Chooses the Windows that `g` names or, if it names none, the only one. Returns ST_OK; else
 * *problem, in words that follow the path, lists what there is and what to do.
 */
enum status choose(const struct given *g, const struct seen *all, size_t n, struct arena *a,
                   const struct seen **out, const char **problem);

/* Why the files of `s` cannot be looked at, and what to do; NULL: they can. */
const char *why_closed(const struct seen *s, struct arena *a);

#endif
