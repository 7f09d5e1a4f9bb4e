/* SPDX-License-Identifier: MIT */
#include "confine/confine.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "confine/channel.h"
#include "confine/judge_process.h"
#include "confine/sandbox.h"
#include "io/pipe.h"
#include "io/root.h"

enum {
    ARENA_LEAST = 4 << 20,
    STATUS_TROUBLE = 2, /* of the contract */
};

void confine_oom(struct arena *a)
{
    (void)a;
    _exit(END_MEMORY);
}

/* The judge -------------------------------------------------------------------------------- */

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

static _Noreturn void run_child(const struct sandbox *s, int fd, const struct confinement *c)
{
    const char *failed = sandbox_enter(s, &fd);
    judge_process(s, failed, fd, c->work, c->context);
}

/* The parent ------------------------------------------------------------------------------- */

enum status confine_run(const struct confinement *c, struct arena *a, struct judged *out)
{
    struct sandbox s;
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return ST_IO_ERROR;
    scoped_fd from = ends[0];
    int to = ends[1];
    pid_t child = sandbox_prepare(c->profile, &s) ? fork() : -1;
    s.file = c->file;
    if (child == 0)
        run_child(&s, to, c);
    close_fd(&to);
    sandbox_release(&s);
    if (child < 0)
        return ST_IO_ERROR;
    struct judged j;
    enum status st = channel_follow(c, from, a, &j);
    int how = pipe_end(child);
    *out = st == ST_OK ? j : channel_obituary(c->profile, how, st, a);
    return ST_OK;
}
