/* SPDX-License-Identifier: MIT */
#include "confine/confine.h"

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "confine/sandbox.h"
#include "io/pipe.h"
#include "io/root.h"

enum {
    ARENA_LEAST = 4 << 20,
    STATUS_TROUBLE = 2, /* of the contract */
    STATUS_MAX = 3,
    /* How the child ends. */
    END_DONE = 0,
    END_MEMORY = 70,
    END_UNCONFINED = 71,
    END_UNSENT = 72,
};

/* Both ends are this program: sizes and byte order are its own. */
struct header {
    int32_t exit_status;
    uint32_t document;
    uint32_t message;
};

void confine_oom(struct arena *a)
{
    (void)a;
    _exit(END_MEMORY);
}

/* The child -------------------------------------------------------------------------------- */

static bool send_result(int fd, const struct judged *j)
{
    struct header h = {j->exit_status, (uint32_t)j->document.len, (uint32_t)j->message.len};
    return j->document.len <= DOCUMENT_MAX && j->message.len <= DOCUMENT_MAX - j->document.len &&
           pipe_send(fd, &h, sizeof h) && pipe_send(fd, j->document.ptr, j->document.len) &&
           pipe_send(fd, j->message.ptr, j->message.len);
}

/* Why the child could not be confined goes through the pipe, as a result of its own. */
static _Noreturn void refuse(int fd, const char *step)
{
    char text[96] = "the judge could not ";
    strncat(text, step, sizeof text - strlen(text) - 1);
    struct judged j = {.exit_status = STATUS_TROUBLE, .message = span_of(text)};
    _exit(send_result(fd, &j) ? END_DONE : END_UNCONFINED);
}

/* What the process has already, the input above all, counts as well. */
static size_t arena_size(const struct sandbox *s)
{
    static const size_t all = LIMIT_DATA - LIMIT_LIBRARIES;
    size_t used = s->data_used > LIMIT_PROGRAM ? (size_t)s->data_used : LIMIT_PROGRAM;
    return all > used + ARENA_LEAST ? all - used : ARENA_LEAST;
}

static _Noreturn void run_child(const struct sandbox *s, int fd, confine_work *work, void *context)
{
    const char *failed = sandbox_enter(s, &fd);
    if (failed != NULL)
        refuse(fd, failed);
    struct arena a;
    struct judged j = {.exit_status = STATUS_TROUBLE};
    arena_init(&a, arena_size(s), confine_oom);
    work(context, &a, &j);
    _exit(send_result(fd, &j) ? END_DONE : END_UNSENT);
}

/* The parent ------------------------------------------------------------------------------- */

static enum status receive_result(int fd, struct arena *a, struct judged *out)
{
    int64_t deadline = pipe_deadline(LIMIT_WALL_SECONDS);
    struct header h;
    enum status st = pipe_receive(fd, deadline, &h, sizeof h);
    if (st != ST_OK)
        return st;
    if (h.exit_status < 0 || h.exit_status > STATUS_MAX || h.document > DOCUMENT_MAX ||
        h.message > DOCUMENT_MAX - h.document)
        return ST_MALFORMED;
    size_t total = (size_t)h.document + h.message;
    uint8_t *data = arena_alloc(a, total, 1);
    st = pipe_receive(fd, deadline, data, total);
    if (st != ST_OK)
        return st;
    *out = (struct judged){
        .exit_status = h.exit_status,
        .document = {data, h.document},
        .message = {data + h.document, h.message},
    };
    return ST_OK;
}

/* What to say of a child that ended without a result. */
static const char *obituary(int how, enum status st, struct arena *a)
{
    if (st == ST_TRUNCATED)
        return arena_printf(a, "the judge took over %d s: the input is too large or hostile",
                            LIMIT_WALL_SECONDS);
    if (WIFEXITED(how) && WEXITSTATUS(how) == END_MEMORY)
        return arena_printf(
            a, "the judge ran out of memory (over %d MiB): the input is too large or hostile",
            LIMIT_MEMORY >> 20);
    if (WIFEXITED(how))
        return arena_printf(a, "the judge ended without a result (status %d)", WEXITSTATUS(how));
    int sig = WTERMSIG(how);
    if (sig == SIGXCPU)
        return arena_printf(a, "the judge took over %d s: the input is too large or hostile",
                            LIMIT_CPU_SECONDS);
    if (sig == SIGSYS)
        return "the judge tried what it must not and was ended: the input may be hostile";
    return arena_printf(a, "the judge crashed (signal %d): please report the input", sig);
}

static void follow(pid_t child, int fd, struct arena *a, struct judged *out)
{
    struct judged j;
    enum status st = receive_result(fd, a, &j);
    int how = pipe_end(child);
    if (st == ST_OK)
        *out = j;
    else
        *out = (struct judged){.exit_status = STATUS_TROUBLE,
                               .message = span_of(obituary(how, st, a))};
}

enum status confine_run(confine_work *work, void *context, struct arena *a, struct judged *out)
{
    struct sandbox s;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return ST_IO_ERROR;
    scoped_fd from = ends[0];
    int to = ends[1];
    pid_t child = sandbox_prepare(&s) ? fork() : -1;
    if (child == 0)
        run_child(&s, to, work, context);
    close_fd(&to);
    sandbox_release(&s);
    if (child < 0)
        return ST_IO_ERROR;
    follow(child, from, a, out);
    return ST_OK;
}
