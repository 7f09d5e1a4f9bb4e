/* SPDX-License-Identifier: MIT */
#include "cli/inputs/resume.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/trouble.h"
#include "confine/confine.h"
#include "fleet/lines.h"
#include "io/node.h"
#include "io/root.h"
#include "judge.h"
#include "vbscheck/hex.h"
#include "vbscheck/out.h"

/* ROWS_MAX: 160 MiB of them. */
enum { PIECE = 256 << 10, BLOCK = 4096, ROWS_MAX = 4 << 20 };

/* FNV-1a; two paths of one hash cost a comparison of digests and nothing else. */
static uint64_t hash_of(const char *path)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (; *path != '\0'; path++)
        h = (h ^ (uint8_t)*path) * UINT64_C(0x100000001b3);
    return h;
}

/* Confined ----------------------------------------------------------------------------------- */

struct gathering {
    const char *profile;
    struct resume_row rows[BLOCK];
    size_t n;
    size_t others; /* lines that do not count */
    struct arena once;
};

static const char *text_at(const json_t *report, const char *object, const char *key)
{
    const char *text = json_string_value(json_object_get(json_object_get(report, object), key));
    return text != NULL ? text : "";
}

static bool read_digest(const char *text, uint8_t out[RESUME_DIGEST])
{
    static const char kind[] = "sha256:";
    struct span rest = span_of(text);
    if (!span_starts(rest, kind) || rest.len != sizeof kind - 1 + 2 * RESUME_DIGEST)
        return false;
    for (size_t i = 0; i < RESUME_DIGEST; i++) {
        unsigned high = hex_digit(rest.ptr[sizeof kind - 1 + 2 * i]);
        unsigned low = hex_digit(rest.ptr[sizeof kind + 2 * i]);
        if (high > 15 || low > 15)
            return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

static bool read_row(const json_t *report, const char *profile, struct resume_row *out)
{
    const char *path = text_at(report, "source", "path");
    const char *made_with = json_string_value(json_object_get(report, "profile"));
    if (strcmp(text_at(report, "tool", "version"), VBSCHECK_VERSION) != 0 || made_with == NULL ||
        strcmp(made_with, profile) != 0 || path[0] == '\0' ||
        !read_digest(text_at(report, "source", "digest"), out->digest))
        return false;
    out->path = hash_of(path);
    return true;
}

static void hand_over(struct gathering *g)
{
    if (g->n > 0)
        (void)confine_ask((struct span){(const uint8_t *)g->rows, g->n * sizeof *g->rows},
                          &g->once);
    g->n = 0;
    arena_reset(&g->once);
}

static void take_line(void *context, const char *file, uint64_t number, struct span line,
                      bool whole)
{
    struct gathering *g = context;
    (void)file;
    (void)number;
    if (whole && span_trim(line).len == 0)
        return;
    json_t *report = whole ? json_loadb((const char *)line.ptr, line.len, 0, NULL) : NULL;
    if (read_row(report, g->profile, &g->rows[g->n]))
        g->n++;
    else
        g->others++;
    json_decref(report);
    if (g->n == BLOCK)
        hand_over(g);
}

static struct span next_piece(void *context, size_t file, struct arena *a)
{
    (void)context;
    (void)file;
    return confine_ask((struct span){0}, a);
}

static void gather(void *context, struct arena *a, struct judged *result)
{
    static const char *const names[] = {""};
    const struct fleet_source from = {.files = names, .n = 1, .next = next_piece};
    struct gathering *g = arena_new(a, struct gathering, 1);
    g->profile = context;
    arena_init(&g->once, 1 << 20, confine_oom);
    fleet_lines_read(&from, a, take_line, g);
    hand_over(g);
    result->document = span_of("read");
    if (g->others > 0)
        result->message = span_of(
            arena_printf(a,
                         "%zu lines do not count: each is not a whole report, has no digest, or is "
                         "of another version or profile",
                         g->others));
}

/* With rights --------------------------------------------------------------------------------- */

struct feeding_resume {
    int fd;
    struct resume *out;
    uint8_t last;
    int error; /* errno of a read that failed */
};

/* An empty question asks for bytes; any other hands rows over. */
static bool serve(void *server, struct span question, struct arena *a, struct span *answer)
{
    struct feeding_resume *f = server;
    struct resume *r = f->out;
    size_t n = question.len / sizeof *r->rows;
    *answer = (struct span){0};
    if (question.len == 0) {
        uint8_t *piece = arena_alloc(a, PIECE, 1);
        ssize_t got;
        do {
            got = read(f->fd, piece, PIECE);
        } while (got < 0 && errno == EINTR);
        f->error = got < 0 ? errno : 0;
        if (got > 0)
            f->last = piece[got - 1];
        *answer = (struct span){piece, got > 0 ? (size_t)got : 0};
        return true;
    }
    if (question.len % sizeof *r->rows != 0 || n > BLOCK || n > ROWS_MAX - r->n)
        return false;
    for (size_t i = 0; i < n; i++) {
        r->rows = arena_grow(r->arena, r->rows, r->n, sizeof *r->rows);
        memcpy(&r->rows[r->n++], question.ptr + i * sizeof *r->rows, sizeof *r->rows);
    }
    return true;
}

static int by_path(const void *a, const void *b)
{
    const struct resume_row *x = a, *y = b;
    return (x->path > y->path) - (x->path < y->path);
}

bool resume_read(const struct config *c, struct arena *a, struct resume *out)
{
    struct judged result = {0};
    *out = (struct resume){.arena = a};
    if (node_is_endless(c->resume)) {
        (void)trouble(a, "--resume %s is a device; give a file", c->resume);
        return false;
    }
    scoped_fd fd = open(c->resume, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (c->judge.wish.file != NULL) {
        (void)trouble(a, "--resume cannot tell which profile file a report was made with: use a "
                         "profile that has a name");
        return false;
    }
    if (fd < 0 && errno == ENOENT)
        return true;
    struct feeding_resume f = {.fd = fd, .out = out, .last = '\n'};
    char *profile = arena_text(a, span_of(c->judge.wish.profile->name));
    const struct confinement reading = {.profile = &profile_fleet,
                                        .work = gather,
                                        .context = profile,
                                        .serve = serve,
                                        .server = &f};
    int error = fd < 0 ? errno : 0;
    enum status st = fd < 0 ? ST_OK : confine_run(&reading, a, &result);
    error = fd < 0 ? error : f.error;
    if (error != 0 || st != ST_OK || !span_is(result.document, "read")) {
        (void)trouble(a, "--resume %s: %s", c->resume,
                      error != 0               ? strerror(error)
                      : result.message.len > 0 ? arena_text(a, result.message)
                                               : "no process could be started to read it");
        return false;
    }
    if (result.message.len > 0)
        (void)trouble(a, "--resume %s: %s", c->resume, arena_text(a, result.message));
    out->unfinished = f.last != '\n';
    if (out->n > 0)
        qsort(out->rows, out->n, sizeof *out->rows, by_path);
    return true;
}

struct span resume_find(const struct resume *r, const char *path, struct arena *a)
{
    const struct resume_row key = {.path = hash_of(path)};
    size_t n = 0;
    const struct resume_row *one =
        r->n == 0 ? NULL : bsearch(&key, r->rows, r->n, sizeof *r->rows, by_path);
    if (one == NULL)
        return (struct span){0};
    while (one > r->rows && one[-1].path == key.path)
        one--;
    while (one + n < r->rows + r->n && one[n].path == key.path)
        n++;
    uint8_t *all = arena_alloc(a, n, RESUME_DIGEST);
    for (size_t i = 0; i < n; i++)
        memcpy(all + i * RESUME_DIGEST, one[i].digest, RESUME_DIGEST);
    return (struct span){all, n * RESUME_DIGEST};
}

bool resume_is(const struct config *c, const char *path)
{
    struct stat file, other;
    return stat(c->resume, &file) == 0 && stat(path, &other) == 0 && file.st_dev == other.st_dev &&
           file.st_ino == other.st_ino;
}

bool resume_continues(const struct config *c)
{
    struct stat file, output;
    return stat(c->resume, &file) == 0 && fstat(STDOUT_FILENO, &output) == 0 &&
           file.st_dev == output.st_dev && file.st_ino == output.st_ino;
}
