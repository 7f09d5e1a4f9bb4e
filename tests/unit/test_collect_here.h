/* SPDX-License-Identifier: MIT */
/* Collecting in one process: the reader is called, where the program asks it through a pipe. */
#ifndef TEST_COLLECT_HERE_H
#define TEST_COLLECT_HERE_H

#include <stdlib.h>

#include "collect/collect.h"
#include "reader/reader.h"
#include "support/cmocka.h"

/* A question that the reader does not answer would end the program's judge. */
static inline void here_ask(void *context, const struct question *q, struct arena *a,
                            struct answer *out)
{
    if (!reader_answer(context, q, a, out)) {
        print_message("refused: a question of kind %d for '%s'\n", q->kind, q->path);
        abort();
    }
}

static inline enum status here_collect_as(const char *root, bool kernels, struct arena *a,
                                          struct snapshot *out)
{
    struct collect_from *from = arena_new(a, struct collect_from, 1);
    scoped_reader reader = {.root = -1, .fd = -1}; /* closed, too, where it was not opened */
    enum status st = reader_open(root, NULL, &reader);
    if (st != ST_OK)
        return st;
    const struct asker by = {.context = &reader, .ask = here_ask, .arena = a};
    collect_start(root, NULL, kernels || reader.sysfs, from);
    collect(from, &by, out);
    return ST_OK;
}

/* Against `root` (NULL: this machine), a copy. Returns as reader_open() does. */
static inline enum status here_collect(const char *root, struct arena *a, struct snapshot *out)
{
    return here_collect_as(root, false, a, out);
}

/* The same, as if /sys below `root` were the kernel's own. */
static inline enum status here_collect_whole(const char *root, struct arena *a,
                                             struct snapshot *out)
{
    return here_collect_as(root, true, a, out);
}

#endif
