/* SPDX-License-Identifier: MIT */
/*
 * A ring of places: input i has place i modulo their number, so that the oldest one is always the
 * next to be written. There is one place more than judges may run, for the one whose result is
 * being written; but with one job one thing happens at a time.
 */
#include "cli/fleet/fleet.h"

#include <string.h>
#include <unistd.h>

#include "cli/evidence.h"
#include "cli/fleet/jobs.h"
#include "cli/fleet/wire.h"
#include "cli/trouble.h"

/* Raw bytes of one input, their names, and the document that comes back. */
enum { PLACE_ARENA_MAX = LIMIT_DATA };

struct place {
    struct prepared prepared;
    struct arena arena;
    struct raw_input raw;
    const char *problem;
    enum fleet_end end;
};

/* Starts the judge of one input, and the template where there is none. */
static bool begin(const struct fleet *f, struct place *p)
{
    return (p->prepared.template > 0 || prepared_start(&f->preparation, &p->prepared) == ST_OK) &&
           prepared_begin(&p->prepared) == ST_OK;
}

/* The bytes are gone to the judge then; how the input is called stays. */
static void send_input(struct place *p)
{
    wire_send(&p->raw, &p->arena, &p->prepared);
    if (p->raw.stream == NULL)
        arena_reset(&p->arena);
}

/* Standard input is read once: it is left to whoever judges it another way. */
static void put_input(const struct fleet *f, struct place *p, size_t i)
{
    const struct input_item *item = &f->inputs->items[i];
    arena_init(&p->arena, PLACE_ARENA_MAX, out_of_memory);
    p->end = FLEET_ALONE;
    p->raw = (struct raw_input){0};
    if (strcmp(item->path, "-") == 0 || !begin(f, p))
        return;
    p->end = FLEET_JUDGED;
    if (input_read(item, &p->arena, &p->raw, &p->problem) == ST_OK) {
        send_input(p);
        return;
    }
    p->end = FLEET_UNREAD;
    prepared_drop(&p->prepared); /* its judge waits for bytes */
}

static bool take_input(const struct fleet *f, struct place *p, size_t i)
{
    struct judged result = {0};
    if (p->end == FLEET_UNREAD)
        result.message = span_of(p->problem);
    if (p->end == FLEET_JUDGED &&
        evidence_finish(&p->raw, &p->prepared, &p->arena, &result) != ST_OK)
        p->end = FLEET_ALONE;
    if (p->end == FLEET_ALONE)
        prepared_end(&p->prepared); /* one process less, where there are too many */
    bool more = f->take(f->taker, i, p->end, &result, &p->arena);
    input_close(&p->raw);
    arena_reset(&p->arena);
    return more;
}

void fleet_run(const struct fleet *f)
{
    struct place places[JOBS_MAX + 1] = {0};
    size_t n = f->jobs + (f->jobs > 1), put = 0;
    bool more = true;
    for (size_t i = 0; more && i < f->inputs->n; i++) {
        for (; put < f->inputs->n && put < i + n; put++)
            put_input(f, &places[put % n], put);
        more = take_input(f, &places[i % n], i);
    }
    for (size_t i = 0; i < n; i++) {
        prepared_end(&places[i].prepared);
        input_close(&places[i].raw);
        arena_reset(&places[i].arena);
    }
}
