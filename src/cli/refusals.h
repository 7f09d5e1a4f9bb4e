/* SPDX-License-Identifier: MIT */
/*
 * What is said of inputs that could not be judged. Of those that somebody named each has its line;
 * those that were found in a folder, and lack the same, share one.
 */
#ifndef CLI_REFUSALS_H
#define CLI_REFUSALS_H

#include "io/input.h"

struct refusal {
    const char *first; /* path of the first such input */
    size_t named;      /* bytes of it that somebody named */
    const char *why;
    size_t n;
};

struct refusals {
    struct arena *arena;
    struct refusal *items;
    size_t n;
};

/* Says it now, or keeps it for refusals_say(). `why` follows the name of the input; it is copied.
 */
void refusals_add(struct refusals *r, const struct input_item *item, const char *why);

/* Says what was kept, a line each. */
void refusals_say(struct refusals *r);

#endif
