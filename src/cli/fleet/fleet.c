/* SPDX-License-Identifier: MIT */
/*
 * A ring of places: input i has place i modulo their number, so the oldest one is always the next
 * to be written. There is one place more than judges may run, for the one whose result is being
 * written; but with one job one thing happens at a time.
 */
#include "cli/fleet/fleet.h"

#include <string.h>

#include "cli/evidence.h"
#include "cli/fleet/wire.h"
#include "cli/trouble.h"

/* The raw bytes of one input, their names, and the document that comes back. */
enum { PLACE_ARENA_MAX = LIMIT_DATA };

struct place {
    struct prepared prepared;
    struct arena arena;
    struct input_item item;
    struct raw_input raw;
    const char *problem;
    enum fleet_end end;
};

void fleet_begin(struct fleet *f, struct arena *a)
{
    f->n = f->jobs + (f->jobs > 1);
    f->places = arena_new(a, struct place, f->n);
    f->put = f->taken = 0;
    f->ended = false;
}

/* Starts the judge of one input, and the template if there is none. */
static bool begin(const struct fleet *f, struct place *p)
{
    return (p->prepared.template > 0 || prepared_start(&f->preparation, &p->prepared) == ST_OK) &&
           prepared_begin(&p->prepared) == ST_OK;
}

/* Then the judge has the bytes; the input's name stays. */
static void send_input(const struct fleet *f, struct place *p, const struct raw_input *raw)
{
    struct span more = {0};
    if (f->add != NULL)
        more = f->add(f->taker, &p->item, &p->arena);
    wire_send(raw, more, &p->arena, &p->prepared);
}

static bool take(struct fleet *f, struct place *p, struct raw_input *raw)
{
    struct fleet_result result = {.item = &p->item, .end = p->end, .raw = raw};
    if (p->end == FLEET_UNREAD)
        result.judged.message = span_of(p->problem);
    if (p->end == FLEET_JUDGED &&
        evidence_finish(&p->raw, &p->prepared, &p->arena, &result.judged) != ST_OK)
        result.end = FLEET_ALONE;
    if (result.end == FLEET_ALONE)
        prepared_end(&p->prepared); /* one process less where there are too many */
    f->ended |= !f->take(f->taker, &result, &p->arena);
    input_close(&p->raw);
    p->raw = (struct raw_input){0}; /* its memory goes now */
    arena_reset(&p->arena);
    f->taken++;
    return !f->ended;
}

static bool take_oldest(struct fleet *f)
{
    return take(f, &f->places[f->taken % f->n], NULL);
}

/* A place for one more input; NULL if no more are wanted. */
static struct place *next_place(struct fleet *f, const struct input_item *item)
{
    while (!f->ended && f->put - f->taken >= f->n)
        (void)take_oldest(f);
    if (f->ended)
        return NULL;
    struct place *p = &f->places[f->put++ % f->n];
    arena_init(&p->arena, PLACE_ARENA_MAX, out_of_memory);
    p->item = *item;
    p->item.path = arena_text(&p->arena, span_of(item->path)); /* the caller may reuse it */
    p->raw = (struct raw_input){0};
    p->end = FLEET_ALONE;
    return p;
}

bool fleet_put(struct fleet *f, const struct input_item *item)
{
    struct place *p = next_place(f, item);
    if (p == NULL)
        return false;
    if (!begin(f, p))
        return true;
    p->end = FLEET_JUDGED;
    if (input_read(&p->item, &p->arena, &p->raw, &p->problem) == ST_OK) {
        send_input(f, p, &p->raw);
        return true;
    }
    p->end = FLEET_UNREAD;
    prepared_drop(&p->prepared); /* its judge waits for bytes */
    return true;
}

bool fleet_put_raw(struct fleet *f, const struct input_item *item, struct raw_input *raw)
{
    struct place *p = next_place(f, item);
    if (p == NULL)
        return false;
    if (begin(f, p)) {
        p->end = FLEET_JUDGED;
        send_input(f, p, raw);
        return true;
    }
    /* These bytes cannot be read again: those before it come first, then it is judged at once. */
    while (!f->ended && f->taken + 1 < f->put)
        (void)take_oldest(f);
    return !f->ended && take(f, p, raw);
}

void fleet_flush(struct fleet *f)
{
    while (!f->ended && f->taken < f->put)
        (void)take_oldest(f);
}

void fleet_end(struct fleet *f)
{
    fleet_flush(f);
    for (size_t i = 0; i < f->n; i++) {
        prepared_end(&f->places[i].prepared);
        input_close(&f->places[i].raw);
        arena_reset(&f->places[i].arena);
    }
}
