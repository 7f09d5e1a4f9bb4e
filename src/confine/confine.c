/* SPDX-License-Identifier: MIT */
#include "confine/confine.h"

#include <sys/socket.h>
#include <unistd.h>

#include "confine/channel.h"
#include "confine/judge_process.h"
#include "confine/sandbox.h"
#include "io/pipe.h"
#include "io/root.h"

/* The judge -------------------------------------------------------------------------------- */

static _Noreturn void run_child(const struct sandbox *s, pid_t parent, int fd,
                                const struct confinement *c)
{
    const char *failed = sandbox_enter(s, parent, &fd);
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
    pid_t parent = getpid();
    pid_t child = sandbox_prepare(c->profile, &s) ? fork() : -1;
    s.file = c->file;
    if (child == 0)
        run_child(&s, parent, to, c);
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
