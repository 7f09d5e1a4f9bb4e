/* SPDX-License-Identifier: MIT */
/* Messages about a wrong command line, with a guess at the right one if there is one. */
#ifndef CLI_MISTAKES_H
#define CLI_MISTAKES_H

#include "cli/verb.h"

/*
 * The message about a word that is not a verb. With `or_path` the word may also be a path; NULL if
 * it can be one.
 */
const char *mistake_verb(struct arena *a, const char *word, bool or_path);

/* The message about `word`, as typed, which is not an option of `v`. */
const char *mistake_option(struct arena *a, const struct verb *v, const char *word);

#endif
