/* SPDX-License-Identifier: MIT */
/*
 * The parent: puts what the child hands over into files in memory, and looks at none of the bytes.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

#include "cli/volume/choose.h"
#include "cli/volume/volume.h"
#include "io/libs.h"
#include "io/pipe.h"
#include "io/root.h"
#include "vbscheck/out.h"

/* The child is asked for nothing more when only this much of its time is left. */
enum { RESERVE_SECONDS = 20 };

struct serving {
    const struct windows_sink *sink;
    struct arena *arena;
    size_t wishes; /* number of those of the list that were handed out */
    struct windows_wish wish;
    int64_t deadline;
    bool late, enough;
    /* The file that is being received. */
    bool open;
    int fd; /* -1: no bytes were announced */
    const char *path;
    uint64_t size, got;
};

/* Questions ------------------------------------------------------------------------------------ */

static bool next_wish(struct serving *s)
{
    s->late = s->late || pipe_deadline_ms(0) > s->deadline;
    if (s->late || s->enough)
        return false;
    if (s->wishes < n_windows_wishes) {
        s->wish = windows_wishes[s->wishes++];
        return true;
    }
    return s->sink->next(s->sink->context, &s->wish);
}

static struct span answer_wish(struct serving *s, struct arena *a)
{
    struct out o;
    out_init(&o, a);
    if (!next_wish(s))
        return (struct span){0};
    const struct windows_wish *w = &s->wish;
    const char *ends = w->ends != NULL ? w->ends : "";
    const struct wished head = {w->cap, w->depth, w->head, w->ends != NULL, {0}};
    out_bytes(&o, (const char *)&head, sizeof head);
    out_bytes(&o, w->path, strlen(w->path) + 1);
    out_bytes(&o, ends, strlen(ends) + 1);
    return out_span(&o);
}

/* Handles the first piece of a file: its name, and room for the announced bytes. */
static bool begin(struct serving *s, const struct take *t, struct span path)
{
    if (s->open || path.len == 0 || path.len > VOLUME_PATH_MAX || t->size > s->wish.cap)
        return false;
    char *name = arena_text(s->arena, path);
    for (size_t i = 0; i < path.len; i++) {
        if ((unsigned char)name[i] < ' ' || name[i] == 0x7f)
            name[i] = '?';
    }
    s->open = true;
    s->path = name;
    s->size = t->size;
    s->got = 0;
    s->fd = t->size > 0 ? memfd_create("file", MFD_CLOEXEC) : -1;
    return t->size == 0 || s->fd >= 0;
}

static bool add(struct serving *s, struct span bytes)
{
    if (!s->open || bytes.len > s->size - s->got)
        return false;
    s->got += bytes.len;
    return bytes.len == 0 || pipe_send(s->fd, bytes.ptr, bytes.len);
}

/* Maps the received bytes, which nobody can change any more. */
static bool map(const struct serving *s, struct span *out)
{
    void *at = mmap(NULL, (size_t)s->size, PROT_READ, MAP_PRIVATE, s->fd, 0);
    if (at == MAP_FAILED)
        return false;
    *out = (struct span){at, (size_t)s->size};
    return true;
}

static bool finish(struct serving *s, uint32_t found)
{
    static const enum windows_state states[] = {
        [FOUND_WHOLE] = WINDOWS_WHOLE,           [FOUND_ABSENT] = WINDOWS_ABSENT,
        [FOUND_UNREADABLE] = WINDOWS_UNREADABLE, [FOUND_COMPRESSED] = WINDOWS_COMPRESSED,
        [FOUND_ENCRYPTED] = WINDOWS_ENCRYPTED,   [FOUND_TOO_LARGE] = WINDOWS_TOO_LARGE,
    };
    struct windows_file f = {.kind = s->wish.kind, .path = s->path};
    bool whole = found == FOUND_WHOLE && s->got == s->size;
    if (found > FOUND_TOO_LARGE || (found == FOUND_WHOLE && !whole))
        return false;
    f.state = states[found];
    if (whole && s->size > 0 && !map(s, &f.bytes))
        f.state = WINDOWS_UNREADABLE;
    close_fd(&s->fd);
    s->fd = -1;
    s->open = false;
    s->enough = !s->sink->take(s->sink->context, &f);
    return true;
}

static bool serve_take(struct serving *s, struct span question, struct arena *a,
                       struct span *answer)
{
    struct take t;
    if (question.len < sizeof t)
        return false;
    memcpy(&t, question.ptr, sizeof t);
    struct span rest = span_skip(question, sizeof t);
    if (t.path > rest.len || (t.path > 0) != (t.first != 0))
        return false;
    struct span path = {rest.ptr, t.path};
    if (t.first != 0 && !begin(s, &t, path))
        return false;
    if (!add(s, span_skip(rest, t.path)) || (t.last != 0 && !finish(s, t.found)))
        return false;
    s->late = s->late || pipe_deadline_ms(0) > s->deadline;
    *answer = (struct span){arena_alloc(a, 1, 1), s->late || s->enough ? 0 : 1};
    return true;
}

/* Returns false for a question that only a hostile process asks. */
static bool serve(void *server, struct span question, struct arena *a, struct span *answer)
{
    struct serving *s = server;
    uint32_t kind;
    if (question.len < sizeof kind)
        return false;
    memcpy(&kind, question.ptr, sizeof kind);
    if (kind == ASK_TAKE)
        return serve_take(s, question, a, answer);
    *answer = answer_wish(s, a);
    return kind == ASK_WISH && !s->open;
}

/* The whole of it ------------------------------------------------------------------------------ */

static void warn_of(const struct windows_sink *sink, const struct seen *s, struct arena *a)
{
    if (s->dirty)
        sink->warn(
            sink->context,
            arena_printf(a,
                         "Windows did not shut %s down cleanly, so recent changes may be missing: "
                         "start Windows, run \"chkdsk /f\" if Windows asks for it, shut it down "
                         "with \"shutdown /s /t 0\", and look again",
                         seen_text(s, a)));
}

/* The files handed over count; warns that there are more. */
static void warn_of_the_rest(const struct serving *s, const struct judged *result)
{
    const char *what = "";
    if (s->late)
        what = arena_printf(s->arena,
                            "reading the disk was stopped after %d s: the rest was not "
                            "read",
                            LIMIT_DISK_SECONDS - RESERVE_SECONDS);
    else if (result->message.len > 0)
        what = arena_printf(s->arena, "the rest of the disk was not read: %s",
                            arena_text(s->arena, result->message));
    if (what[0] != '\0')
        s->sink->warn(s->sink->context, what);
}

static enum status produce(const struct given *g, const struct seen *one,
                           const struct windows_sink *sink, struct arena *a, const char **problem)
{
    struct reading r = reading_of(g);
    r.image = one->wim ? one->number : 0;
    r.device.start = one->start;
    r.device.size = one->size;
    struct serving s = {.sink = sink, .arena = a, .fd = -1};
    struct judged result = {0};
    const struct confinement c = {.profile = &profile_volume,
                                  .work = volume_read,
                                  .context = &r,
                                  .serve = serve,
                                  .server = &s,
                                  .file = g->fd};
    s.deadline = pipe_deadline(LIMIT_DISK_SECONDS - RESERVE_SECONDS);
    if (confine_run(&c, a, &result) != ST_OK) {
        *problem = "cannot be read: no process could be started";
        return ST_IO_ERROR;
    }
    close_fd(&s.fd);
    warn_of_the_rest(&s, &result);
    return ST_OK;
}

enum status windows_volume(const char *path, const struct windows_sink *sink, struct arena *a,
                           const char **problem)
{
    struct given g;
    const struct seen *all = NULL, *one = NULL;
    size_t n = 0;
    enum status st = given_open(path, a, &g, problem);
    if (st != ST_OK)
        return st;
    scoped_fd fd = g.fd;
    st = survey(&g, a, &all, &n, problem);
    if (st == ST_OK)
        st = choose(&g, all, n, a, &one, problem);
    if (st != ST_OK)
        return st;
    (void)fd;
    warn_of(sink, one, a);
    return produce(&g, one, sink, a, problem);
}
