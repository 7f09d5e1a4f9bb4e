/* SPDX-License-Identifier: MIT */
/* Splits a text of several commands at recognised lines. */
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
 * Splits a text at the lines by which kinds are recognised: the lines from such a line up to one of
 * another kind have its kind. All parts of a kind are joined in the order of the text; lines before
 * the first such line go with it. A text of one kind is returned unchanged. Returns
 * the number of parts; takes time in proportion to the text.
 */
size_t split_text(struct span text, struct arena *a, struct part out[SPLIT_MAX]);

#endif
