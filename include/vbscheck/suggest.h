/* SPDX-License-Identifier: MIT */
/* The nearest known word to a mistyped one. */
#ifndef VBSCHECK_SUGGEST_H
#define VBSCHECK_SUGGEST_H

#include <stddef.h>

#include "vbscheck/arena.h"

/* The i-th name that could be meant; NULL after the last. */
typedef const char *suggest_names(size_t i);

/*
 * The name (in small letters) that is nearest to `word` (in any case): at most two letters typed
 * wrong, left out, added or swapped, and at most a third of the word. Returns NULL if no name is
 * that near.
 */
const char *suggest(const char *word, suggest_names *names);

/* "`problem`; did you mean 'X'?", or "`problem`; `else_say`" if no name is near. Made in `a`. */
const char *suggest_in(struct arena *a, const char *problem, const char *else_say, const char *word,
                       suggest_names *names);

#endif
