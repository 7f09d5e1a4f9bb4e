/* SPDX-License-Identifier: MIT */
/* A text of several commands, split at what is recognised. */
#ifndef LOAD_SPLIT_H
#define LOAD_SPLIT_H

#include "load/load.h"

/* The part of one file that has one kind. */
struct part {
    enum kind kind;
    struct span text;
};

enum { SPLIT_MAX = KIND_COUNT };

/*
 * Splits a text at the lines by which kinds are recognised: what follows such a line, up to that of
 * another kind, is of its kind. All of a kind is put together, in the order of the text; what
 * stands before the first such line goes with it. A text of one kind is given as it is. Returns
 * the number of parts; takes time in proportion to the text.
 */
size_t split_text(struct span text, struct arena *a, struct part out[SPLIT_MAX]);

#endif
