/* SPDX-License-Identifier: MIT */
/*
 * Many inputs, several at once: each is read here and judged by a process of its own, forked of a
 * template; what comes back is handed on in the order of the inputs. Of the inputs at work alone
 * something is in memory.
 */
#ifndef CLI_FLEET_FLEET_H
#define CLI_FLEET_FLEET_H

#include "confine/prepared.h"
#include "io/input.h"
#include "load/raw.h"

/* What becomes of one input. */
enum fleet_end {
    FLEET_JUDGED,
    FLEET_UNREAD, /* the message says why */
    FLEET_ALONE,  /* no judge could be made of a template: it is still to be judged, another way */
};

/* How an input ended; `a` lives until this returns. False: no further one is wanted. */
typedef bool fleet_take(void *taker, size_t i, enum fleet_end end, const struct judged *result,
                        struct arena *a);

struct fleet {
    size_t jobs; /* judges at once */
    struct preparation preparation;
    const struct input_list *inputs;
    fleet_take *take;
    void *taker;
};

void fleet_run(const struct fleet *f);

#endif
