/* SPDX-License-Identifier: MIT */
#include "confine/judge_process.h"

#include <string.h>
#include <unistd.h>

enum {
    ARENA_LEAST = 4 << 20,
    STATUS_TROUBLE = 2, /* of the contract */
};

/* Why the child could not be confined goes through the pipe, as a result of its own. */
static _Noreturn void refuse(int fd, const char *step)
{
    char text[96] = "the judge could not ";
    strncat(text, step, sizeof text - strlen(text) - 1);
    struct judged j = {.exit_status = STATUS_TROUBLE, .message = span_of(text)};
    _exit(channel_send_result(fd, &j) ? END_DONE : END_UNCONFINED);
}

/* What the process has already, the input above all, counts as well. */
static size_t arena_size(const struct sandbox *s)
{
    static const size_t all = LIMIT_DATA - LIMIT_LIBRARIES;
    size_t used = s->data_used > LIMIT_PROGRAM ? (size_t)s->data_used : LIMIT_PROGRAM;
    return all > used + ARENA_LEAST ? all - used : ARENA_LEAST;
}

_Noreturn void judge_process(const struct sandbox *s, const char *failed, int fd,
                             confine_work *work, void *context)
{
    if (failed != NULL)
        refuse(fd, failed);
    struct arena a;
    struct judged j = {.exit_status = STATUS_TROUBLE};
    arena_init(&a, arena_size(s), confine_oom);
    work(context, &a, &j);
    _exit(channel_send_result(fd, &j) ? END_DONE : END_UNSENT);
}
