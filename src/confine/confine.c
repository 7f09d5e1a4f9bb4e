/* SPDX-License-Identifier: MIT */
#include "confine/confine.h"

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "confine/sandbox.h"
#include "io/pipe.h"
#include "io/root.h"

enum {
    ARENA_LEAST = 4 << 20,
    CHANNEL = 0, /* the only descriptor of a confined process */
    QUESTION_MAX = 512 << 10,
    STATUS_TROUBLE = 2, /* in the contract */
    STATUS_MAX = 3,
    /* Exit statuses of the child. */
    END_DONE = 0,
    END_MEMORY = 70,
    END_UNCONFINED = 71,
    END_UNSENT = 72,
};

enum message_kind { RESULT, QUESTION };

/* Both ends are this program: sizes and byte order are its own. */
struct header {
    uint32_t kind;
    int32_t exit_status; /* of a result */
    uint32_t document;   /* length of the document, or of a question */
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
    struct header h = {RESULT, j->exit_status, (uint32_t)j->document.len, (uint32_t)j->message.len};
    return j->document.len <= DOCUMENT_MAX && j->message.len <= DOCUMENT_MAX - j->document.len &&
           pipe_send(fd, &h, sizeof h) && pipe_send(fd, j->document.ptr, j->document.len) &&
           pipe_send(fd, j->message.ptr, j->message.len);
}

/* Returns the reason why the child could not be confined through the pipe, as a result. */
static _Noreturn void refuse(int fd, const char *step)
{
    char text[96] = "the judge could not ";
    strncat(text, step, sizeof text - strlen(text) - 1);
    struct judged j = {.exit_status = STATUS_TROUBLE, .message = span_of(text)};
    _exit(send_result(fd, &j) ? END_DONE : END_UNCONFINED);
}

/* The memory that the process already has, mainly the input, counts as well. */
static size_t arena_size(const struct sandbox *s)
{
    static const size_t all = LIMIT_DATA - LIMIT_LIBRARIES;
    size_t used = s->data_used > LIMIT_PROGRAM ? (size_t)s->data_used : LIMIT_PROGRAM;
    return all > used + ARENA_LEAST ? all - used : ARENA_LEAST;
}

static _Noreturn void run_child(const struct sandbox *s, int fd, const struct confinement *c)
{
    const char *failed = sandbox_enter(s, &fd);
    if (failed != NULL)
        refuse(fd, failed);
    struct arena a;
    struct judged j = {.exit_status = STATUS_TROUBLE};
    arena_init(&a, arena_size(s), confine_oom);
    c->work(c->context, &a, &j);
    _exit(send_result(fd, &j) ? END_DONE : END_UNSENT);
}

/* Sends a short question in one piece, since each piece wakes the parent. */
static bool send_question(struct span question)
{
    enum { SHORT = 1024 };
    const struct header h = {.kind = QUESTION, .document = (uint32_t)question.len};
    uint8_t piece[sizeof h + SHORT];
    size_t first = question.len < SHORT ? question.len : SHORT;
    memcpy(piece, &h, sizeof h);
    memcpy(piece + sizeof h, question.ptr, first);
    return pipe_send(CHANNEL, piece, sizeof h + first) &&
           pipe_send(CHANNEL, question.ptr + first, question.len - first);
}

struct span confine_ask(struct span question, struct arena *a)
{
    uint32_t n = 0;
    /* Without an answer the child cannot go on. */
    if (!send_question(question) || !pipe_read(CHANNEL, &n, sizeof n) || n > DOCUMENT_MAX)
        _exit(END_UNSENT);
    uint8_t *answer = arena_alloc(a, n, 1);
    if (!pipe_read(CHANNEL, answer, n))
        _exit(END_UNSENT);
    return (struct span){answer, n};
}

/* The parent ------------------------------------------------------------------------------- */

/* One child and its state. */
struct watch {
    const struct confinement *c;
    int fd;
    int64_t deadline;
};

/* Receives the bytes that a header announced. */
static enum status receive_bytes(const struct watch *w, size_t n, struct arena *a, struct span *out)
{
    uint8_t *data = arena_alloc(a, n, 1);
    enum status st = pipe_receive(w->fd, w->deadline, data, n);
    *out = (struct span){data, n};
    return st;
}

static enum status receive_result(const struct watch *w, const struct header *h, struct arena *a,
                                  struct judged *out)
{
    struct span data;
    if (h->exit_status < 0 || h->exit_status > STATUS_MAX || h->document > DOCUMENT_MAX ||
        h->message > DOCUMENT_MAX - h->document)
        return ST_MALFORMED;
    enum status st = receive_bytes(w, (size_t)h->document + h->message, a, &data);
    if (st != ST_OK)
        return st;
    *out = (struct judged){
        .exit_status = h->exit_status,
        .document = {data.ptr, h->document},
        .message = span_skip(data, h->document),
    };
    return ST_OK;
}

/* ST_UNSUPPORTED: a question that gets no answer. */
static enum status serve(const struct watch *w, const struct header *h, struct arena *a)
{
    struct span question, answer;
    if (w->c->serve == NULL || h->document > QUESTION_MAX)
        return ST_UNSUPPORTED;
    enum status st = receive_bytes(w, h->document, a, &question);
    if (st != ST_OK)
        return st;
    if (!w->c->serve(w->c->server, question, a, &answer))
        return ST_UNSUPPORTED;
    uint32_t n = (uint32_t)answer.len;
    uint8_t *all = arena_alloc(a, sizeof n + answer.len, 1);
    memcpy(all, &n, sizeof n);
    if (answer.len > 0)
        memcpy(all + sizeof n, answer.ptr, answer.len);
    return pipe_send_until(w->fd, w->deadline, all, sizeof n + answer.len);
}

/* Answers questions until there is a result. The memory of a question is freed with its answer. */
static enum status receive(const struct watch *w, struct arena *a, struct judged *out)
{
    struct header h;
    struct arena once;
    enum status st = ST_OK;
    arena_init(&once, LIMIT_DATA, a->oom);
    while (st == ST_OK) {
        st = pipe_receive(w->fd, w->deadline, &h, sizeof h);
        if (st == ST_OK && h.kind == RESULT) {
            st = receive_result(w, &h, a, out);
            break;
        }
        if (st == ST_OK)
            st = h.kind == QUESTION ? serve(w, &h, &once) : ST_MALFORMED;
        arena_reset(&once);
    }
    arena_reset(&once);
    return st;
}

/* The message about a child that ended without a result. */
static const char *obituary(const struct confine_profile *p, int how, enum status st,
                            struct arena *a)
{
    if (st == ST_TRUNCATED)
        return arena_printf(a, "the judge needed more than %u s: the input is too large or hostile",
                            p->wall_ms / 1000);
    if (st == ST_UNSUPPORTED)
        return "the judge asked for something forbidden and was stopped: the input may be hostile";
    if (st == ST_MALFORMED)
        return "the judge sent an invalid result: the input may be hostile";
    if (WIFEXITED(how) && WEXITSTATUS(how) == END_MEMORY)
        return arena_printf(
            a, "the judge ran out of memory (over %d MiB): the input is too large or hostile",
            LIMIT_MEMORY >> 20);
    if (WIFEXITED(how))
        return arena_printf(a, "the judge ended without a result (status %d)", WEXITSTATUS(how));
    int sig = WTERMSIG(how);
    if (sig == SIGXCPU)
        return arena_printf(a, "the judge needed more than %u s: the input is too large or hostile",
                            p->cpu_seconds);
    if (sig == SIGSYS)
        return "the judge tried something forbidden and was stopped: the input may be hostile";
    if (sig == SIGBUS) /* a page of a mapped file */
        return "a part of the input could not be read from the disk";
    return arena_printf(a, "the judge crashed (signal %d): please report the input", sig);
}

static void follow(const struct confinement *c, pid_t child, int fd, struct arena *a,
                   struct judged *out)
{
    struct judged j;
    const struct watch w = {c, fd, pipe_deadline_ms(c->profile->wall_ms)};
    enum status st = receive(&w, a, &j);
    int how = pipe_end(child);
    if (st == ST_OK)
        *out = j;
    else
        *out = (struct judged){.exit_status = STATUS_TROUBLE,
                               .message = span_of(obituary(c->profile, how, st, a))};
}

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
    follow(c, child, from, a, out);
    return ST_OK;
}
