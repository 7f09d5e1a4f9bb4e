/* SPDX-License-Identifier: MIT */
/*
 * Reports inputs that could not be judged. An input that the user named has a line of its own;
 * inputs that were found in one folder and fail for the same reason share one.
 */
#ifndef CLI_REFUSALS_H
#define CLI_REFUSALS_H

#include "io/input.h"

struct refusal {
    const char *first; /* path of the first such input */
    size_t named;      /* bytes of it that the user named */
    const char *why;
    size_t n;
};

struct refusals {
    struct arena *arena;
    struct refusal *items;
    size_t n;
};

/*
 * Reports it now, or keeps it for refusals_say(). `why` follows the name of the input; it is
 * copied.
 */
void refusals_add(struct refusals *r, const struct input_item *item, const char *why);

/* Reports what was kept, one line each. */
void refusals_say(struct refusals *r);

#endif
