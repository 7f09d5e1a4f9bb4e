/* SPDX-License-Identifier: MIT */
#include "cli/drivers.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "cli/fleet/jobs.h"
#include "cli/trouble.h"
#include "confine/confine.h"
#include "io/driver_beside.h"
#include "io/driver_files.h"
#include "io/libs.h"
#include "io/pipe.h"
#include "judge.h"
#include "load/driver_pack.h"
#include "parse/driver_list.h"
#include "parse/sipolicy/sipolicy.h"

/* Files for one judge: starting a judge costs as much as looking at about 50 files. */
enum { BATCH_FILES = 256 };

/* Room for what one judge returns, and for what is written about it. */
enum { JUDGED_MAX = 2 * DOCUMENT_MAX };

/* Input of the judges of all batches. */
struct means {
    struct pack_options options; /* without the policy: each judge reads it itself */
    const struct xml_lib *xml;
    struct span policy; /* mapped; empty: none was given */
};

struct batch {
    const struct means *means;
    const struct driver_path *paths;
    struct span data[BATCH_FILES];
    size_t n;
    const struct driver_path *beside[DRIVER_BESIDE_MAX];
    struct span beside_data[DRIVER_BESIDE_MAX];
    size_t n_beside;
};

struct looking {
    const struct config *config;
    struct arena *arena;
    struct out out; /* the blob */
    struct driver_paths files;
    struct driver_beside beside;
    struct means means;
    const char *policy_edition; /* "" if it names none */
    bool complete;
};

/* Runs confined. */
static void judge_policy(void *context, struct arena *a, struct judged *result)
{
    const struct means *m = context;
    struct sipolicy policy = {0};
    const char *problem = "";
    if (sipolicy_parse(m->policy, m->xml, a, &policy, &problem) != ST_OK) {
        result->message = span_of(problem);
        return;
    }
    result->exit_status = EXIT_READY;
    result->document = span_of(policy.version != NULL ? policy.version : "");
}

/* Runs confined. */
static void judge_batch(void *context, struct arena *a, struct judged *result)
{
    const struct batch *b = context;
    struct pack_options options = b->means->options;
    struct sipolicy policy;
    const char *problem = "";
    struct out out;
    out_init(&out, a);
    if (b->means->policy.len > 0 &&
        sipolicy_parse(b->means->policy, b->means->xml, a, &policy, &problem) == ST_OK)
        options.image.policy = &policy;
    struct pack pack;
    pack_begin(&pack, &options, a, &out);
    for (size_t i = 0; i < b->n_beside; i++)
        pack_beside(&pack, b->beside[i]->path, b->beside[i]->named, b->beside_data[i]);
    for (size_t i = 0; i < b->n; i++)
        pack_look(&pack, b->paths[i].path, b->paths[i].named, b->data[i]);
    pack_end(&pack);
    result->exit_status = EXIT_READY;
    result->document = out_span(&out);
}

static bool run_confined(confine_work *work, void *context, struct arena *a, struct judged *result)
{
    const struct confinement c = {.profile = &profile_memory, .work = work, .context = context};
    return confine_run(&c, a, result) == ST_OK && result->exit_status == EXIT_READY;
}

/* A judge that one file's fault ended reports no other file: each file gets its own judge. */
static void look_singly(struct looking *l, const struct batch *b)
{
    for (size_t i = 0; i < b->n; i++) {
        struct arena a;
        struct batch one = *b;
        one.paths = &b->paths[i];
        one.data[0] = b->data[i];
        one.n = 1;
        struct judged result = {.message = span_of("no process could be started to judge the "
                                                   "evidence")};
        arena_init(&a, JUDGED_MAX, out_of_memory);
        if (run_confined(judge_batch, &one, &a, &result)) {
            out_bytes(&l->out, (const char *)result.document.ptr, result.document.len);
        } else {
            struct driver bad = {
                .path = b->paths[i].path,
                .group = DRIVER_GIVEN,
                .result = DRIVER_MALFORMED,
                .fault = arena_text(&a, result.message),
            };
            driver_list_write(&l->out, &bad);
        }
        arena_reset(&a);
    }
}

static void show_progress(size_t done, size_t all)
{
    if (all > BATCH_FILES && isatty(STDERR_FILENO) == 1)
        (void)fprintf(stderr, done < all ? "\r%zu of %zu files" : "\r\x1b[K", done, all);
}

static void fail_file(struct looking *l, struct arena *a, const char *path, enum status st)
{
    l->complete = false;
    (void)trouble(a, "%s %s", path, st == ST_TRUNCATED ? "is too large" : status_meaning(st));
}

/* Maps the files from `at` on, and those beside them; files that cannot be read are empty. */
static void map_batch(struct looking *l, size_t at, struct arena *a, struct batch *b)
{
    bool whole = l->config->digests || l->config->blocklist != NULL;
    b->paths = &l->files.items[at];
    for (; b->n < BATCH_FILES && at + b->n < l->files.n; b->n++) {
        enum status st = driver_file_map(&b->paths[b->n], whole, &b->data[b->n]);
        if (st != ST_OK)
            fail_file(l, a, b->paths[b->n].path, st);
    }
    b->n_beside = driver_beside_select(&l->beside, b->paths, b->n, b->beside);
    for (size_t i = 0; i < b->n_beside; i++)
        (void)driver_file_map(b->beside[i], true, &b->beside_data[i]);
    if (l->beside.left_out > 0)
        driver_list_head(&l->out, "notice",
                         arena_printf(a,
                                      "%zu catalogs and INF files were not read, because there "
                                      "are too many: give fewer folders at once",
                                      l->beside.left_out));
}

/* Looks at a batch from `at` on; returns its size. */
static size_t look_batch(struct looking *l, size_t at)
{
    struct arena a;
    struct batch b = {.means = &l->means};
    struct judged result = {0};
    arena_init(&a, JUDGED_MAX, out_of_memory);
    map_batch(l, at, &a, &b);
    if (run_confined(judge_batch, &b, &a, &result))
        out_bytes(&l->out, (const char *)result.document.ptr, result.document.len);
    else
        look_singly(l, &b);
    for (size_t i = 0; i < b.n; i++)
        driver_file_unmap(&b.data[i]);
    for (size_t i = 0; i < b.n_beside; i++)
        driver_file_unmap(&b.beside_data[i]);
    arena_reset(&a);
    return b.n;
}

/* Several at once ------------------------------------------------------------------------- */

/* A process of ours that looks at every n-th batch; its judges are confined as usual. */
struct worker {
    pid_t pid;
    int fd;
};

/* A worker's report on a batch: the bytes of lines that follow, and whether all files were seen. */
struct batch_header {
    uint32_t n;
    uint32_t complete;
};

static _Noreturn void run_worker(struct looking *l, size_t first, size_t step, int fd)
{
    bool sent = true;
    for (size_t at = first * BATCH_FILES; sent && at < l->files.n; at += step * BATCH_FILES) {
        struct arena a;
        arena_init(&a, 2 * JUDGED_MAX, out_of_memory);
        out_init(&l->out, &a);
        l->complete = true;
        (void)look_batch(l, at);
        struct batch_header h = {(uint32_t)l->out.len, l->complete};
        sent = pipe_send(fd, &h, sizeof h) && pipe_send(fd, l->out.buf, l->out.len);
        arena_reset(&a);
    }
    _exit(sent ? EXIT_READY : EXIT_TROUBLE);
}

static bool start_worker(struct looking *l, size_t first, size_t step, struct worker *out)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    pid_t child = fork();
    if (child == 0)
        run_worker(l, first, step, ends[1]);
    (void)close(ends[1]);
    if (child < 0)
        (void)close(ends[0]);
    *out = (struct worker){child, ends[0]};
    return child > 0;
}

/* Receives the lines of one batch, in order. */
static bool take_batch(struct looking *l, const struct worker *w)
{
    enum { PATIENCE_SECONDS = 3600 };
    struct batch_header h;
    int64_t deadline = pipe_deadline(PATIENCE_SECONDS);
    if (pipe_receive(w->fd, deadline, &h, sizeof h) != ST_OK)
        return false;
    char *room = out_room(&l->out, h.n);
    if (pipe_receive(w->fd, deadline, room, h.n) != ST_OK)
        return false;
    l->out.len += h.n;
    l->complete &= h.complete != 0;
    return true;
}

/* Returns false if no worker could be started, or if one ended too early. */
static bool look_together(struct looking *l, size_t jobs)
{
    struct worker *workers = arena_new(l->arena, struct worker, jobs);
    size_t n = 0;
    while (n < jobs && start_worker(l, n, jobs, &workers[n]))
        n++;
    bool ok = n == jobs;
    for (size_t at = 0, i = 0; ok && at < l->files.n; at += BATCH_FILES, i++) {
        show_progress(at, l->files.n);
        ok = take_batch(l, &workers[i % jobs]);
    }
    for (size_t i = 0; i < n; i++) {
        (void)pipe_end(workers[i].pid);
        (void)close(workers[i].fd);
    }
    return ok;
}

static void look_at_all(struct looking *l)
{
    size_t batches = (l->files.n + BATCH_FILES - 1) / BATCH_FILES;
    size_t before = l->out.len, jobs = jobs_of(l->config, batches);
    if (jobs > 1 && look_together(l, jobs))
        return;
    l->out.len = before; /* one after the other, from the start */
    for (size_t at = 0; at < l->files.n;) {
        show_progress(at, l->files.n);
        at += look_batch(l, at);
    }
}

static void find_files(struct looking *l, const char *const *paths, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *problem = "";
        if (driver_files_find(paths[i], l->arena, &l->files, &problem) == ST_OK)
            continue;
        l->complete = false;
        (void)trouble(l->arena, "%s", problem);
    }
    if (l->files.unread.n > 0) {
        l->complete = false;
        (void)trouble(l->arena, "not looked at: %s", names_text(&l->files.unread));
    }
}

/* Decides by the names only. */
static bool has_packs(const struct looking *l)
{
    bool found = false;
    for (size_t i = 0; i < l->files.n && !found; i++)
        found = driver_file_is_packed(l->files.items[i].path);
    return found;
}

/*
 * Prepares digests if the user requested them, or a policy or a catalog needs them. Returns false,
 * with one line on standard error, if the user requested them and they cannot be made.
 */
static bool prepare_digests(struct looking *l)
{
    const struct config *c = l->config;
    bool asked = c->digests || c->blocklist != NULL;
    const char *problem = "";
    if (!asked && !l->beside.catalogs && !has_packs(l))
        return true;
    l->means.options.image.digests = c->digests;
    l->means.options.image.digest = libs_digest(&problem);
    if (l->means.options.image.digest != NULL)
        libs_prepare_digests(l->means.options.image.digest);
    else if (asked)
        (void)trouble(l->arena, "digests of drivers need libcrypto: %s", problem);
    return l->means.options.image.digest != NULL || !asked;
}

/* Reads the policy, or writes one line on standard error why it cannot. */
static bool prepare_policy(struct looking *l)
{
    const struct config *c = l->config;
    struct driver_path file = {c->blocklist, true};
    struct judged result = {.message =
                                span_of("no process could be started to judge the evidence")};
    const char *problem;
    enum status st = driver_file_map(&file, true, &l->means.policy);
    l->means.xml = libs_xml(NULL);
    if (st != ST_OK)
        problem = status_meaning(st);
    else if (l->means.policy.len == 0)
        problem = "is empty";
    else if (run_confined(judge_policy, &l->means, l->arena, &result)) {
        l->policy_edition = arena_text(l->arena, result.document);
        return true;
    } else
        problem = arena_printf(l->arena, "cannot be used as a block policy: %s",
                               arena_text(l->arena, result.message));
    (void)trouble(l->arena, "%s %s", c->blocklist, problem);
    return false;
}

static void put_policy(struct looking *l)
{
    driver_list_head(&l->out, "policy", l->config->blocklist);
    if (l->policy_edition[0] != '\0')
        driver_list_head(&l->out, "policy-edition", l->policy_edition);
}

bool drivers_look(const struct config *c, const char *const *paths, size_t n, struct arena *a,
                  struct span *out)
{
    struct looking l = {.config = c, .arena = a, .complete = true};
    out_init(&l.out, a);
    if (c->arch != NULL)
        driver_list_head(&l.out, "target", c->arch);
    find_files(&l, paths, n);
    driver_beside_find(&l.files, a, &l.beside);
    if (!prepare_digests(&l) || (c->blocklist != NULL && !prepare_policy(&l)))
        return false;
    if (c->blocklist != NULL)
        put_policy(&l);
    l.means.options.archive = libs_archive(NULL);
    look_at_all(&l);
    show_progress(l.files.n, l.files.n);
    driver_file_unmap(&l.means.policy);
    *out = out_span(&l.out);
    return l.complete;
}
