/* SPDX-License-Identifier: MIT */
/*
 * The template faces a hostile judge by nothing but how that ended. It is ended by SIGKILL where
 * one has to be: its judge then goes with it, as the kernel was told to see to.
 */
#include "confine/prepared.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "confine/channel.h"
#include "confine/judge_process.h"
#include "confine/sandbox.h"
#include "io/pipe.h"
#include "io/root.h"
#include "vbscheck/count.h"

enum {
    NO_JUDGE = -1,        /* in place of how a judge ended: none could be forked */
    READY = 0,            /* what a template says first */
    START_MS = 10 * 1000, /* until it has said so */
    ENDING_MS = 2 * 1000, /* until a judge that gave its result is gone */
};

/* One descriptor beside one byte. */
union passing {
    struct cmsghdr head;
    char room[CMSG_SPACE(sizeof(int))];
};

/* The template ----------------------------------------------------------------------------- */

/* The number of the descriptor that came; 0 at the end, or if it did not. */
static int receive_descriptor(int control)
{
    union passing p;
    char byte;
    struct iovec one = {&byte, 1};
    struct msghdr m = {
        .msg_iov = &one, .msg_iovlen = 1, .msg_control = p.room, .msg_controllen = sizeof p.room};
    int fd = 0;
    if (recvmsg(control, &m, MSG_CMSG_CLOEXEC) != 1 || (m.msg_flags & MSG_CTRUNC) != 0)
        return 0;
    const struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    if (c != NULL && c->cmsg_type == SCM_RIGHTS && c->cmsg_len == CMSG_LEN(sizeof fd))
        memcpy(&fd, CMSG_DATA(c), sizeof fd);
    return fd;
}

/* Forks one judge, and waits for its end. */
static int32_t run_one(const struct preparation *how, const struct sandbox *judges, int fd)
{
    pid_t template = getpid(), judge = fork();
    if (judge == 0) {
        const char *failed = sandbox_enter_prepared(judges, template, &fd);
        judge_process(judges, failed, fd, how->work, how->context);
    }
    int ended = NO_JUDGE;
    (void)close(fd);
    while (judge > 0 && waitpid(judge, &ended, 0) < 0 && errno == EINTR)
        ;
    return ended;
}

/*
 * A key on a terminal ends the parent alone, and that the others: else judges that ended first
 * would be told as crashed.
 */
static void leave_signals_to_parent(void)
{
    static const int of_terminals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    for (size_t i = 0; i < COUNT(of_terminals); i++)
        (void)signal(of_terminals[i], SIG_IGN);
}

static _Noreturn void run_template(const struct preparation *how, pid_t parent, int control)
{
    struct sandbox own, judges;
    int32_t said = READY;
    leave_signals_to_parent();
    if (how->prepare != NULL)
        how->prepare(how->context);
    if (!sandbox_prepare(how->profile, &judges) || !sandbox_prepare(&profile_template, &own) ||
        sandbox_enter(&own, parent, &control) != NULL)
        _exit(END_UNCONFINED);
    while (pipe_send(control, &said, sizeof said)) {
        int fd = receive_descriptor(control);
        if (fd <= 0)
            break;
        said = run_one(how, &judges, fd);
    }
    _exit(END_DONE);
}

/* The parent ------------------------------------------------------------------------------- */

static bool heard(const struct prepared *p, unsigned ms, int32_t *said)
{
    return p->template > 0 &&
           pipe_receive(p->control, pipe_deadline_ms(ms), said, sizeof *said) == ST_OK;
}

enum status prepared_start(const struct preparation *how, struct prepared *out)
{
    int ends[2];
    int32_t said;
    *out = (struct prepared){0};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return ST_IO_ERROR;
    pid_t parent = getpid(), child = fork();
    if (child == 0)
        run_template(how, parent, ends[1]);
    (void)close(ends[1]);
    if (child < 0) {
        (void)close(ends[0]);
        return ST_IO_ERROR;
    }
    *out = (struct prepared){.template = child, .control = ends[0]};
    if (heard(out, START_MS, &said) && said == READY)
        return ST_OK;
    prepared_end(out);
    return ST_IO_ERROR;
}

static bool pass_descriptor(int control, int fd)
{
    union passing p = {.head = {.cmsg_len = CMSG_LEN(sizeof fd),
                                .cmsg_level = SOL_SOCKET,
                                .cmsg_type = SCM_RIGHTS}};
    char byte = 0;
    struct iovec one = {&byte, 1};
    struct msghdr m = {
        .msg_iov = &one, .msg_iovlen = 1, .msg_control = p.room, .msg_controllen = sizeof p.room};
    memcpy(CMSG_DATA(&p.head), &fd, sizeof fd);
    return sendmsg(control, &m, MSG_NOSIGNAL) == 1;
}

enum status prepared_begin(struct prepared *p)
{
    int ends[2];
    if (p->template == 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return ST_IO_ERROR;
    bool passed = pass_descriptor(p->control, ends[1]);
    (void)close(ends[1]);
    if (!passed) {
        (void)close(ends[0]);
        prepared_end(p);
        return ST_IO_ERROR;
    }
    p->judge = ends[0];
    return ST_OK;
}

void prepared_send(struct prepared *p, const void *data, size_t n)
{
    (void)pipe_send_until(p->judge, pipe_deadline(LIMIT_WALL_SECONDS), data, n);
}

/* How the judge ended; one that does not, or that must, is ended. */
static int end_of_judge(struct prepared *p, enum status st)
{
    int32_t how = SIGKILL;
    bool by_itself = st == ST_OK || st == ST_ABSENT;
    close_fd(&p->judge);
    p->judge = 0;
    if (!by_itself || !heard(p, ENDING_MS, &how))
        prepared_end(p);
    return how;
}

enum status prepared_finish(struct prepared *p, const struct confinement *c, struct arena *a,
                            struct judged *out)
{
    struct judged j;
    enum status st = channel_follow(c, p->judge, a, &j);
    int how = end_of_judge(p, st);
    if (st != ST_OK && how == NO_JUDGE)
        return ST_IO_ERROR;
    *out = st == ST_OK ? j : channel_obituary(c->profile, how, st, a);
    return ST_OK;
}

void prepared_drop(struct prepared *p)
{
    (void)end_of_judge(p, ST_ABSENT);
}

void prepared_end(struct prepared *p)
{
    if (p->template == 0)
        return;
    if (p->judge > 0)
        close_fd(&p->judge);
    close_fd(&p->control);
    (void)pipe_end(p->template);
    *p = (struct prepared){0};
}
