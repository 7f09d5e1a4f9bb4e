/* SPDX-License-Identifier: MIT */
/* Saving what a scan reads. */
#include "cli/trouble.h"
#include "cli/verb.h"
#include "collect/collect.h"
#include "io/store.h"
#include "judge.h"

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

static int run(const struct config *c, struct arena *unused)
{
    struct arena a;
    struct snapshot snap;
    const char *problem = "";
    int status = EXIT_READY;
    (void)unused;
    arena_init(&a, LIMIT_DATA, out_of_memory);
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

const struct verb verb_capture = {
    .name = "capture",
    .synopsis = "--output PATH [--root DIR] [--tcti CONF]",
    .summary = "save what a scan reads, to be judged elsewhere",
    .exit_statuses = "0 done, 2 trouble",
    .options = OPTION_BIT(ROOT) | OPTION_BIT(TCTI) | OPTION_BIT(OUTPUT),
    .needs = OPTION_BIT(OUTPUT),
    .needs_problem = "capture needs --output PATH",
    .run = run,
};
