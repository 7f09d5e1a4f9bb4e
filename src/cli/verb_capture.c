/* SPDX-License-Identifier: MIT */
/* Saving what a scan reads. */
#include "cli/cli.h"
#include "collect/collect.h"
#include "io/store.h"

enum { CAPTURE_ARENA_MAX = 64 << 20 };

/* What a replay will not know, told now: the one who captures can still do something about it. */
static void name_denied(const struct snapshot *s, struct arena *a)
{
    struct names names;
    names_init(&names, a);
    for (size_t i = 0; i < s->n; i++) {
        if (s->blobs[i].st == ST_NO_PERMISSION || s->blobs[i].st == ST_NO_DRIVER)
            names_add(&names,
                      arena_printf(a, "%s (%s)", s->blobs[i].name, status_name(s->blobs[i].st)));
    }
    if (names.n > 0)
        (void)trouble(a, "not in the capture: %s", names_text(&names));
}

int verb_capture(const struct config *c, struct arena *unused)
{
    struct arena a;
    struct snapshot snap;
    const char *problem = "";
    int status = EXIT_READY;
    (void)unused;
    arena_init(&a, CAPTURE_ARENA_MAX, out_of_memory);
    enum status st = collect(c->root, c->tcti, &a, &snap);
    if (st != ST_OK)
        status = trouble(&a, "%s: cannot be read: it %s", c->root != NULL ? c->root : "/",
                         collect_problem(st));
    else if (store_save(c->output, &snap, &a, &problem) != ST_OK)
        status = trouble(&a, "%s", problem);
    else
        name_denied(&snap, &a);
    arena_reset(&a);
    return status;
}
