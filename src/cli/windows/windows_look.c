/* SPDX-License-Identifier: MIT */
#include "cli/windows/windows_look.h"

#include <string.h>

#include "cli/trouble.h"
#include "cli/volume/volume.h"
#include "cli/windows/looking.h"
#include "io/driver_files.h"
#include "io/libs.h"
#include "io/pipe.h"
#include "io/windows/source.h"
#include "parse/driver_list.h"
#include "parse/windows/image_path.h"
#include "parse/windows/windows_list.h"

static enum status status_of(enum windows_state s)
{
    static const enum status statuses[WINDOWS_STATES] = {
        [WINDOWS_WHOLE] = ST_OK,
        [WINDOWS_ABSENT] = ST_NOT_COLLECTED,
        [WINDOWS_UNREADABLE] = ST_IO_ERROR,
        [WINDOWS_COMPRESSED] = ST_UNSUPPORTED,
        [WINDOWS_ENCRYPTED] = ST_UNSUPPORTED,
        [WINDOWS_TOO_LARGE] = ST_TRUNCATED,
    };
    return statuses[s];
}

static bool is_empty(const struct windows_file *f)
{
    return f->state == WINDOWS_WHOLE && f->bytes.len == 0;
}

/* Why a file is not used. */
static const char *why_not(struct looking *l, const struct windows_file *f)
{
    const char *why = is_empty(f)                 ? "is empty"
                      : f->state == WINDOWS_WHOLE ? "was left out"
                                                  : windows_state_text(f->state);
    return arena_printf(l->arena, "%s %s", f->path, why);
}

static void say_part(struct looking *l, const char *key, const struct windows_file *f)
{
    windows_write_part(&l->windows, key, is_empty(f) ? ST_MALFORMED : status_of(f->state),
                       why_not(l, f));
}

/* Batches ---------------------------------------------------------------------------------- */

static void flush_catalogs(struct looking *l)
{
    struct arena once;
    const struct windows_catalog_batch b = {l->catalogs, l->n_catalogs, out_span(&l->drivers),
                                            l->options.image.digest};
    if (l->n_catalogs == 0)
        return;
    arena_init(&once, JUDGED_MAX, out_of_memory);
    windows_judge_catalogs(&b, &once, &l->signed_by);
    arena_reset(&once);
    for (size_t i = 0; i < l->n_catalogs; i++)
        driver_file_unmap(&l->catalogs[i].data);
    l->n_catalogs = l->catalog_bytes = 0;
}

/* Adds a remark about the whole Windows: violations stand, and nothing counts as clean. */
void looking_warn(void *context, const char *what)
{
    struct looking *l = context;
    windows_write_line(&l->windows, "remark", what);
    windows_write_part(&l->windows, "volume", ST_TRUNCATED, NULL);
}

/* One kind each ---------------------------------------------------------------------------- */

static void take_hive(struct looking *l, const struct windows_file *f)
{
    l->hive_seen = true;
    if (f->state != WINDOWS_WHOLE || f->bytes.len == 0) {
        say_part(l, "hive", f);
        return;
    }
    windows_judge_hive(f->bytes, l->arena, &l->windows, &l->services);
    l->services_left = l->services;
}

static void take_log(struct looking *l, const struct windows_file *f)
{
    l->log_seen = true;
    if (f->state != WINDOWS_WHOLE || f->bytes.len == 0)
        say_part(l, "log", f);
    else
        windows_judge_log(f->bytes, l->arena, &l->windows, &l->refused_left);
}

static void take_unread(struct looking *l, const struct windows_file *f)
{
    if (f->state == WINDOWS_ABSENT ||
        (l->unread_path != NULL && strcmp(l->unread_path, f->path) == 0))
        return; /* one unreadable folder stands for several files */
    l->unread_path = f->path;
    names_add(&l->unread, why_not(l, f));
}

/* Keeps the bytes until all drivers are known. */
static bool take_policy(struct looking *l, const struct windows_file *f)
{
    if (f->state != WINDOWS_WHOLE || f->bytes.len == 0 || l->config->blocklist != NULL ||
        l->n_policies == POLICIES_MAX) {
        take_unread(l, f);
        return false;
    }
    l->policies[l->n_policies++] = (struct windows_policy){
        .path = f->path, .owners = f->kind == WINDOWS_POLICY, .disk = true, .data = f->bytes};
    return true;
}

static bool take_catalog(struct looking *l, const struct windows_file *f)
{
    looking_flush_images(l);
    if (f->state != WINDOWS_WHOLE || f->bytes.len == 0 || l->options.image.digest == NULL) {
        take_unread(l, f);
        return false;
    }
    l->catalogs[l->n_catalogs++] = (struct windows_catalog){f->path, f->bytes};
    l->catalog_bytes += f->bytes.len;
    if (l->n_catalogs == BATCH_MAX || l->catalog_bytes > BATCH_BYTES)
        flush_catalogs(l);
    return true;
}

/* Four bytes of the disk decide; if they are mapped, reading them here could end this process. */
static void take_sleep(struct looking *l, const struct windows_file *f)
{
    bool sleeps = false;
    if (f->state == WINDOWS_ABSENT)
        return;
    if (f->state != WINDOWS_WHOLE || !windows_judge_sleep(f->bytes, l->arena, &sleeps))
        looking_warn(
            l, "hiberfil.sys could not be read, so whether Windows sleeps on this disk is not "
               "known. Run this as root; else start Windows, shut it down with \"shutdown /s /t "
               "0\", and look again");
    if (sleeps)
        looking_warn(
            l, "Windows sleeps on this disk, or was shut down with fast startup: what it changed "
               "last may not be on the disk. Start Windows, shut it down with \"shutdown /s /t "
               "0\", and look again");
}

/* Returns true if the bytes are kept. */
static bool take_kind(struct looking *l, const struct windows_file *f)
{
    switch (f->kind) {
    case WINDOWS_HIVE:
        take_hive(l, f);
        return false;
    case WINDOWS_EVENTS:
        take_log(l, f);
        return false;
    case WINDOWS_BLOCK_LIST:
    case WINDOWS_POLICY:
        return take_policy(l, f);
    case WINDOWS_DRIVER:
    case WINDOWS_STAGED:
    case WINDOWS_NAMED:
        looking_take_image(l, f);
        return true;
    case WINDOWS_CATALOG:
        return take_catalog(l, f);
    case WINDOWS_SLEEP:
        take_sleep(l, f);
        return false;
    case WINDOWS_HIVE_LOG:
    case WINDOWS_KINDS:
        break;
    }
    return false;
}

static bool take(void *context, const struct windows_file *f)
{
    struct looking *l = context;
    struct span bytes = f->bytes;
    if (!take_kind(l, f))
        driver_file_unmap(&bytes);
    l->late = l->late || pipe_deadline(0) > l->deadline;
    return !l->late;
}

/* All of it -------------------------------------------------------------------------------- */

static void prepare(struct looking *l)
{
    const char *problem = "";
    out_init(&l->windows, l->arena);
    arena_init(&l->driver_arena, BLOB_MAX, out_of_memory);
    arena_init(&l->signed_arena, BLOB_MAX, out_of_memory);
    out_init(&l->drivers, &l->driver_arena);
    out_init(&l->signed_by, &l->signed_arena);
    names_init(&l->unread, l->arena);
    names_init(&l->missing, l->arena);
    l->deadline = pipe_deadline(LIMIT_DISK_SECONDS);
    l->options.image.digests = true;
    l->options.image.digest = libs_digest(&problem);
    if (l->options.image.digest != NULL)
        libs_prepare_digests(l->options.image.digest);
    else
        driver_list_head(&l->drivers, "notice",
                         arena_printf(l->arena, "drivers have no digests: %s", problem));
    if (l->config->arch != NULL)
        driver_list_head(&l->drivers, "target", l->config->arch);
}

static void say_missing(struct looking *l)
{
    if (l->late)
        looking_warn(l,
                     arena_printf(l->arena,
                                  "reading the disk was stopped after %d s: the rest was not read",
                                  LIMIT_DISK_SECONDS));
    if (l->missing.n > 0 && !l->in_folder)
        looking_warn(l, "Windows/System32/drivers contains no driver, but services start drivers "
                        "from it: this copy is incomplete, or the folder is damaged");
    if (l->missing.n > 0)
        windows_write_line(&l->windows, "remark",
                           arena_printf(l->arena,
                                        "services start these files, but they are not on this "
                                        "disk and were not judged: %s",
                                        names_text(&l->missing)));
    if (l->unread.n > 0)
        driver_list_head(&l->drivers, "notice",
                         arena_printf(l->arena, "not looked at: %s", names_text(&l->unread)));
    if (!l->hive_seen)
        windows_write_part(&l->windows, "hive", ST_NOT_COLLECTED, NULL);
    if (!l->log_seen)
        windows_write_part(&l->windows, "log", ST_NOT_COLLECTED, NULL);
}

/* A given policy replaces those of the disk. */
static bool take_given_policy(struct looking *l)
{
    const struct driver_path file = {l->config->blocklist, true};
    struct windows_policy given = {.path = l->config->blocklist};
    if (l->config->blocklist == NULL)
        return true;
    enum status st = driver_file_map(&file, true, &given.data);
    if (st == ST_OK)
        l->policies[l->n_policies++] = given;
    else
        (void)trouble(l->arena, "%s %s", file.path, status_meaning(st));
    return st == ST_OK;
}

static bool finish(struct looking *l, struct windows_blobs *out)
{
    const char *problem = "";
    looking_flush_images(l);
    flush_catalogs(l);
    say_missing(l);
    const struct windows_policy_work work = {out_span(&l->drivers), out_span(&l->signed_by),
                                             l->policies, l->n_policies, libs_xml(NULL)};
    bool ok = windows_judge_policies(&work, l->arena, &out->drivers, &problem);
    if (!ok)
        (void)trouble(l->arena, "%s: its drivers could not be judged: %s", l->config->windows,
                      problem);
    for (size_t i = 0; i < l->n_policies; i++)
        driver_file_unmap(&l->policies[i].data);
    out->windows = out_span(&l->windows);
    return ok;
}

static enum status produce(const char *path, const struct windows_sink *sink, struct arena *a,
                           const char **problem)
{
    return volume_is(path) ? windows_volume(path, sink, a, problem)
                           : windows_folder(path, sink, a, problem);
}

bool windows_look(const struct config *c, struct arena *a, struct windows_blobs *out)
{
    struct looking *l = arena_new(a, struct looking, 1);
    const struct windows_sink sink = {l, take, looking_next, looking_warn};
    const char *problem = "";
    l->config = c;
    l->arena = a;
    prepare(l);
    bool ok = take_given_policy(l);
    if (ok && produce(c->windows, &sink, a, &problem) != ST_OK) {
        (void)trouble(a, "%s %s", c->windows, problem);
        ok = false;
    }
    ok = ok && finish(l, out);
    arena_reset(&l->driver_arena);
    arena_reset(&l->signed_arena);
    return ok;
}

static void put(struct snapshot *s, const char *name, struct span data)
{
    for (size_t i = 0; i < s->n && data.len > 0; i++) {
        if (strcmp(s->blobs[i].name, name) != 0)
            continue;
        s->blobs[i] = (struct blob){.name = name, .st = ST_OK, .data = data};
        return;
    }
    if (data.len > 0)
        snap_add(s, (struct blob){.name = name, .st = ST_OK, .data = data});
}

void windows_add(const struct windows_blobs *seen, struct snapshot *out)
{
    put(out, "drivers", seen->drivers);
    put(out, "windows", seen->windows);
}
