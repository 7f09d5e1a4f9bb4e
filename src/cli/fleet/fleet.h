/* SPDX-License-Identifier: MIT */
/*
 * Many inputs, several at once: each is read here and judged by a process of its own, forked from a
 * template. Results come in the order of the inputs. Only the inputs at work are in memory, so
 * their number does not matter and need not be known.
 */
#ifndef CLI_FLEET_FLEET_H
#define CLI_FLEET_FLEET_H

#include "confine/prepared.h"
#include "io/input.h"
#include "load/raw.h"

/* The fate of one input. */
enum fleet_end {
    FLEET_JUDGED,
    FLEET_UNREAD, /* the message says why */
    FLEET_ALONE,  /* no template or judge could be started: judge it in another way */
};

struct fleet_result {
    const struct input_item *item; /* as it was put */
    enum fleet_end end;
    struct raw_input *raw; /* with FLEET_ALONE: its bytes; NULL: they are still to be read */
    struct judged judged;
};

/* Takes a result; `a` lives until this returns. False: no more inputs are wanted. */
typedef bool fleet_take(void *taker, const struct fleet_result *result, struct arena *a);

/* The bytes that go to the judge of an input before the input's own; made in `a`, may be empty. */
typedef struct span fleet_add(void *taker, const struct input_item *item, struct arena *a);

struct place;

struct fleet {
    size_t jobs; /* judges at once */
    struct preparation preparation;
    fleet_take *take;
    fleet_add *add; /* NULL: nothing */
    void *taker;
    struct place *places; /* private, as all that follows */
    size_t n, put, taken;
    bool ended;
};

/* `f` has its first five fields set. Memory for the places comes from `a`. */
void fleet_begin(struct fleet *f, struct arena *a);

/*
 * Reads an input and gives it to a judge, after taking the oldest result if all places are in use.
 * The path is copied. Returns false if no more inputs are wanted.
 */
bool fleet_put(struct fleet *f, const struct input_item *item);

/* The same for an input whose bytes are here; they are not needed after the call. */
bool fleet_put_raw(struct fleet *f, const struct input_item *item, struct raw_input *raw);

/* Takes the results of all that was put, before a wait for more inputs. */
void fleet_flush(struct fleet *f);

/* Takes the results that are left, and ends all processes. */
void fleet_end(struct fleet *f);

#endif
