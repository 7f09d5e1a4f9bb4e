/* SPDX-License-Identifier: MIT */
#include "confine/channel.h"

#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/pipe.h"

enum {
    CHANNEL = 0, /* the one descriptor of a confined process */
    QUESTION_MAX = 512 << 10,
    STATUS_TROUBLE = 2, /* of the contract */
    STATUS_MAX = 3,
};

enum message_kind { RESULT, QUESTION };

/* Both ends are this program: sizes and byte order are its own. */
struct header {
    uint32_t kind;
    int32_t exit_status; /* of a result */
    uint32_t document;   /* its bytes, or those of a question */
    uint32_t message;
    uint8_t marks[JUDGED_MARKS]; /* of a result */
};

void confine_oom(struct arena *a)
{
    (void)a;
    _exit(END_MEMORY);
}

/* The judge -------------------------------------------------------------------------------- */

bool channel_send_result(int fd, const struct judged *j)
{
    struct header h = {.kind = RESULT,
                       .exit_status = j->exit_status,
                       .document = (uint32_t)j->document.len,
                       .message = (uint32_t)j->message.len};
    memcpy(h.marks, j->marks, sizeof h.marks);
    return j->document.len <= DOCUMENT_MAX && j->message.len <= DOCUMENT_MAX - j->document.len &&
           pipe_send(fd, &h, sizeof h) && pipe_send(fd, j->document.ptr, j->document.len) &&
           pipe_send(fd, j->message.ptr, j->message.len);
}

/* A short one in one piece, since each piece wakes the parent. */
static bool send_question(struct span question)
{
    enum { SHORT = 1024 };
    const struct header h = {.kind = QUESTION, .document = (uint32_t)question.len};
    uint8_t piece[sizeof h + SHORT];
    size_t first = question.len < SHORT ? question.len : SHORT;
    memcpy(piece, &h, sizeof h);
    if (first > 0)
        memcpy(piece + sizeof h, question.ptr, first);
    return pipe_send(CHANNEL, piece, sizeof h + first) &&
           pipe_send(CHANNEL, question.ptr + first, question.len - first);
}

struct span confine_ask(struct span question, struct arena *a)
{
    uint32_t n = 0;
    /* Without an answer there is nothing to go on with. */
    if (!send_question(question) || !pipe_read(CHANNEL, &n, sizeof n) || n > DOCUMENT_MAX)
        _exit(END_UNSENT);
    uint8_t *answer = arena_alloc(a, n, 1);
    if (!pipe_read(CHANNEL, answer, n))
        _exit(END_UNSENT);
    return (struct span){answer, n};
}

bool confine_take(void *to, size_t n)
{
    return pipe_read(CHANNEL, to, n);
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
    for (size_t i = 0; i < JUDGED_MARKS; i++)
        out->marks[i] = h->marks[i] <= JUDGED_MARK_MAX ? h->marks[i] : 0;
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
static const char *last_words(const struct confine_profile *p, int how, enum status st,
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

enum status channel_follow(const struct confinement *c, int fd, struct arena *a, struct judged *out)
{
    const struct watch w = {c, fd, pipe_deadline_ms(c->profile->wall_ms)};
    return receive(&w, a, out);
}

struct judged channel_obituary(const struct confine_profile *p, int how, enum status st,
                               struct arena *a)
{
    return (struct judged){.exit_status = STATUS_TROUBLE,
                           .message = span_of(last_words(p, how, st, a))};
}
