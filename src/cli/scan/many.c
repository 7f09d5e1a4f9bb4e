/* SPDX-License-Identifier: MIT */
/* Many inputs: those of the command line, of a list of paths, of an archive on standard input. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cli/evidence.h"
#include "cli/fleet/jobs.h"
#include "cli/inputs/outer.h"
#include "cli/inputs/paths.h"
#include "cli/scan/run.h"
#include "cli/scan/scan_fleet.h"
#include "cli/trouble.h"
#include "io/libs.h"
#include "io/node.h"
#include "io/pipe.h"
#include "io/root.h"
#include "judge.h"

enum { HEAD = 512 }; /* the magic of tar is at 257 */

/* The run with its judges. */
struct many {
    struct run *run;
    struct scan_common common;
    struct fleet fleet;
    bool begun;
    size_t done;
};

static bool take_result(void *taker, const struct fleet_result *result, struct arena *a)
{
    struct many *m = taker;
    struct run *r = m->run;
    progress_show(&r->progress, m->done++);
    if (result->end == FLEET_JUDGED)
        run_write(r, a, result->item, result->judged);
    else if (result->end == FLEET_UNREAD)
        run_say_unread(r, a, arena_text(a, result->judged.message));
    else
        run_evidence(r, result->item, result->raw);
    return !r->unwritable && !r->output.unread;
}

static struct span about_input(void *taker, const struct input_item *item, struct arena *a)
{
    return run_about(((struct many *)taker)->run, item, a);
}

/* `n`: inputs, if their number is known. */
static void begin(struct many *m, size_t n)
{
    struct run *r = m->run;
    if (m->begun)
        return;
    m->begun = true;
    r->options.heading = true;
    m->common = (struct scan_common){
        .job = {.config = r->config, .options = &r->options, .seen = r->seen, .policy = r->policy},
        .lists = r->lists};
    m->fleet = (struct fleet){.jobs = jobs_of(r->config, n),
                              .preparation = scan_preparation(&m->common),
                              .take = take_result,
                              .add = about_input,
                              .taker = m};
    scan_fleet_prepare(&m->common);
    fleet_begin(&m->fleet, r->arena);
}

/* Standard input ------------------------------------------------------------------------------ */

struct standard_input {
    struct many *many;
    struct arena kept_arena, files; /* the bytes so far; members of the archive */
    uint8_t *kept;                  /* until it is known that it is an archive of captures */
    size_t n, at;                   /* bytes kept, and how many were handed over */
    bool full, ended, refused;
};

/* More of standard input, after what is kept; the first HEAD bytes if `least`. */
static void read_more(struct standard_input *s, size_t least)
{
    enum { PIECE = 256 << 10 };
    while (!s->ended && s->n < least) {
        s->kept = arena_resize(&s->kept_arena, s->kept, s->n + PIECE);
        ssize_t n = read(STDIN_FILENO, s->kept + s->n, PIECE);
        if (n < 0 && errno == EINTR)
            continue;
        s->ended = n <= 0;
        s->n += n > 0 ? (size_t)n : 0;
    }
}

/* The next bytes for the process that unpacks. */
static struct span next_bytes(void *context, struct arena *a)
{
    struct standard_input *s = context;
    if (s->many->begun && s->at == s->n) { /* nothing needs the bytes before */
        arena_reset(&s->kept_arena);
        s->kept = NULL;
        s->n = s->at = 0;
    }
    if (s->many->begun && s->at == s->n && !pipe_has_bytes(STDIN_FILENO))
        fleet_flush(&s->many->fleet);
    if (s->at == s->n && s->n < RAW_TOTAL_MAX)
        read_more(s, s->n + 1);
    s->full |= s->n >= RAW_TOTAL_MAX;
    struct span all = {s->kept + s->at, s->n - s->at};
    s->at = s->n;
    if (all.len == 0)
        return (struct span){0};
    uint8_t *copy = arena_alloc(a, all.len, 1);
    memcpy(copy, all.ptr, all.len);
    return (struct span){copy, all.len};
}

static bool take_member(void *context, const char *name, struct raw_input *raw, const char *problem)
{
    struct standard_input *s = context;
    struct many *m = s->many;
    struct run *r = m->run;
    const struct input_item item = {.path = name, .named = strlen(name)};
    if (!r->config->format->many) {
        (void)trouble(r->arena,
                      "--format %s prints only one input, but standard input has "
                      "several: %s",
                      r->config->format->name, r->config->format->instead);
        r->count[EXIT_TROUBLE]++;
        s->refused = true;
        return false;
    }
    begin(m, SIZE_MAX);
    if (problem == NULL)
        return fleet_put_raw(&m->fleet, &item, raw);
    struct arena once;
    arena_init(&once, 64 << 10, out_of_memory);
    run_say_unread(r, &once, arena_printf(&once, "%s %s", name, problem));
    arena_reset(&once);
    return true;
}

/* Returns true if the archive held captures, which are judged then. */
static bool unpack(struct standard_input *s, const struct archive_lib *lib)
{
    struct run *r = s->many->run;
    struct arena a;
    struct judged result = {0};
    struct archive_lib table = *lib;
    struct members members = {
        .arena = &s->files, .read = next_bytes, .take = take_member, .context = s};
    const struct confinement c = {.profile = &profile_fleet,
                                  .work = outer_unpack,
                                  .context = &table,
                                  .serve = members_serve,
                                  .server = &members};
    arena_init(&a, INPUT_ARENA_MAX, out_of_memory);
    enum status st = confine_run(&c, &a, &result);
    bool many = s->many->begun || r->count[EXIT_TROUBLE] > 0;
    size_t left = members.left_out + members.n;
    if (many && !s->refused && !s->many->fleet.ended && (st != ST_OK || result.message.len > 0)) {
        (void)trouble(r->arena, "-: the archive %s",
                      st == ST_OK ? arena_text(&a, result.message) : "could not be unpacked");
        r->count[EXIT_TROUBLE]++;
    }
    if (many && left > 0)
        (void)trouble(r->arena, "-: %zu loose files beside captures are not used", left);
    arena_reset(&a);
    return many;
}

/* Judges standard input as one input, from the bytes that are kept. */
static void judge_as_one(struct standard_input *s)
{
    struct run *r = s->many->run;
    const struct input_item item = {.path = "-", .named = 1};
    struct arena a;
    struct raw_input raw;
    const char *problem = "";
    arena_init(&a, INPUT_ARENA_MAX, out_of_memory);
    struct span kept = {s->kept, s->n};
    if (input_read_rest(kept, &a, &raw, &problem) != ST_OK) {
        run_say_unread(r, &a, problem);
    } else {
        arena_reset(&s->kept_arena);
        if (s->many->begun)
            (void)fleet_put_raw(&s->many->fleet, &item, &raw);
        else
            run_evidence(r, &item, &raw);
    }
    arena_reset(&a);
}

static void feed_standard_input(struct many *m)
{
    struct standard_input s = {.many = m};
    arena_init(&s.kept_arena, INPUT_ARENA_MAX, out_of_memory);
    arena_init(&s.files, INPUT_ARENA_MAX, out_of_memory);
    read_more(&s, HEAD);
    struct span head = {s.kept, s.n};
    const struct archive_lib *lib = load_is_archive(head) ? libs_archive(NULL) : NULL;
    bool several = m->begun; /* then it is one of them */
    if (lib == NULL || several || !unpack(&s, lib))
        judge_as_one(&s);
    arena_reset(&s.kept_arena);
    arena_reset(&s.files);
}

void run_standard_input(struct run *r)
{
    struct many m = {.run = r};
    feed_standard_input(&m);
    if (m.begun)
        fleet_end(&m.fleet);
}

/* Lists --------------------------------------------------------------------------------------- */

/* A path is what an argument of --from is: it may stand for many inputs. */
static bool take_path(void *context, const char *path, bool whole)
{
    struct many *m = context;
    struct arena a;
    struct input_list some = {0};
    const char *skipped = NULL, *problem = "";
    arena_init(&a, LIMIT_DATA, out_of_memory);
    bool more = true;
    if (!whole)
        run_say_unread(m->run, &a,
                       arena_printf(&a,
                                    "%.64s… is not a path: it is too long, or "
                                    "contains a NUL",
                                    path));
    else if (strcmp(path, "-") == 0)
        run_say_unread(m->run, &a, "- is not a path for --from-list: give it to --from");
    else if (evidence_expand(path, &a, &some, &skipped, &problem) != ST_OK)
        run_say_unread(m->run, &a, problem);
    if (skipped != NULL)
        (void)trouble(&a, "%s: loose files beside captures are not used: %s", path, skipped);
    for (size_t i = 0; i < some.n && more; i++)
        more = fleet_put(&m->fleet, &some.items[i]);
    arena_reset(&a);
    return more;
}

static void before_waiting(void *context)
{
    fleet_flush(&((struct many *)context)->fleet);
}

static void feed_list(struct many *m)
{
    struct run *r = m->run;
    const char *path = r->config->from_list;
    bool standard = strcmp(path, "-") == 0, endless = !standard && node_is_endless(path);
    scoped_fd opened = standard || endless ? -1 : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    int fd = standard ? STDIN_FILENO : opened;
    enum status st = fd >= 0 ? paths_read(fd, r->config->from_nul, take_path, before_waiting, m)
                             : status_from_errno(errno);
    const char *why = endless ? "is a device; give a file or \"-\"" : status_meaning(st);
    if (st != ST_OK)
        run_say_unread(r, r->arena, arena_printf(r->arena, "--from-list %s %s", path, why));
}

void run_many(struct run *r)
{
    struct many m = {.run = r};
    begin(&m, r->config->from_list != NULL ? SIZE_MAX : r->inputs.n);
    bool more = true;
    for (size_t i = 0; more && i < r->inputs.n; i++) {
        if (strcmp(r->inputs.items[i].path, "-") == 0)
            feed_standard_input(&m);
        else
            more = fleet_put(&m.fleet, &r->inputs.items[i]);
    }
    if (more && r->config->from_list != NULL)
        feed_list(&m);
    fleet_end(&m.fleet);
}
