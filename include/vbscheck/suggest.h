/* SPDX-License-Identifier: MIT */
/* The nearest known word to a mistyped one. */
#ifndef VBSCHECK_SUGGEST_H
#define VBSCHECK_SUGGEST_H

#include <stddef.h>

#include "vbscheck/arena.h"

/* The i-th of the names that could be meant, NULL behind the last. */
typedef const char *suggest_names(size_t i);

/*
 * The name, of small letters, that `word` in whatever letters is nearest to: two letters typed
 * wrong, left out, added or swapped at most, and no more than a third of the word. Returns NULL
 * where none is that near.
 */
const char *suggest(const char *word, suggest_names *names);

/*
 * "`problem`; did you mean 'X'?", or "`problem`; `else_say`" where nothing is near. Memory is of
 * `a`.
 */
const char *suggest_in(struct arena *a, const char *problem, const char *else_say, const char *word,
                       suggest_names *names);

#endif
