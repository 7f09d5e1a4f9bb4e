/* SPDX-License-Identifier: MIT */
/* What a wrong command line is told: what was meant, where that can be guessed. */
#ifndef CLI_MISTAKES_H
#define CLI_MISTAKES_H

#include "cli/verb.h"

/*
 * Of a word that is not a verb. With `or_path` the bare command would take it for a path; NULL if
 * it can be one.
 */
const char *mistake_verb(struct arena *a, const char *word, bool or_path);

/* Of `word`, as it was typed, which is not an option of `v`. */
const char *mistake_option(struct arena *a, const struct verb *v, const char *word);

#endif
