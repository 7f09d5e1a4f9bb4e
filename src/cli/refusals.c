/* SPDX-License-Identifier: MIT */
#include "cli/refusals.h"

#include <string.h>

#include "cli/trouble.h"

/* More than the different reasons of one folder; beyond that each input has a line again. */
enum { REASONS_MAX = 64 };

static bool is_same(const struct refusal *r, const struct input_item *item, const char *why)
{
    return r->named == item->named && strncmp(r->first, item->path, r->named) == 0 &&
           strcmp(r->why, why) == 0;
}

void refusals_add(struct refusals *r, const struct input_item *item, const char *why)
{
    bool found_below = strlen(item->path) > item->named;
    for (size_t i = 0; found_below && i < r->n; i++) {
        if (is_same(&r->items[i], item, why)) {
            r->items[i].n++;
            return;
        }
    }
    if (!found_below || r->n == REASONS_MAX) {
        (void)trouble(r->arena, "%s: %s", item->path, why);
        return;
    }
    r->items = arena_grow(r->arena, r->items, r->n, sizeof *r->items);
    r->items[r->n++] = (struct refusal){arena_text(r->arena, span_of(item->path)), item->named,
                                        arena_text(r->arena, span_of(why)), 1};
}

void refusals_say(struct refusals *r)
{
    for (size_t i = 0; i < r->n; i++) {
        const struct refusal *one = &r->items[i];
        if (one->n == 1)
            (void)trouble(r->arena, "%s: %s", one->first, one->why);
        else
            (void)trouble(r->arena, "%.*s: %zu inputs in it could not be used, such as %s: each %s",
                          (int)one->named, one->first, one->n, one->first, one->why);
    }
    r->n = 0;
}
