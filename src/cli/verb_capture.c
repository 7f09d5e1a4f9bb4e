/* SPDX-License-Identifier: MIT */
/* Saves what a scan reads. */
#include "cli/evidence.h"
#include "cli/machine.h"
#include "cli/trouble.h"
#include "cli/verb.h"
#include "cli/windows/windows_look.h"
#include "io/libs.h"
#include "io/store.h"
#include "judge.h"
#include "load/redact.h"

/* Names what a replay will miss, now that the user can still do something about it. */
static struct span name_denied(const struct snapshot *s, struct arena *a)
{
    struct names names;
    names_init(&names, a);
    for (size_t i = 0; i < s->n; i++) {
        if (s->blobs[i].st == ST_NO_PERMISSION || s->blobs[i].st == ST_NO_DRIVER)
            names_add(&names,
                      arena_printf(a, "%s (%s)", s->blobs[i].name, status_name(s->blobs[i].st)));
    }
    return names.n > 0 ? span_of(names_text(&names)) : (struct span){0};
}

struct job {
    const struct config *config;
    struct machine *machine;
    const struct windows_blobs *seen; /* from --windows; empty if none was looked at */
};

/* Runs confined: the document is the capture's files, the message what it lacks. */
static void collect_files(void *context, struct arena *a, struct judged *out)
{
    const struct job *job = context;
    struct snapshot snap;
    const char *problem = "";
    machine_collect(job->machine, a, &snap);
    windows_add(job->seen, &snap);
    snap_sort(&snap);
    add_labels(job->config, &snap);
    if (store_pack(&snap, a, &out->document, &problem) != ST_OK) {
        out->message = span_of(problem);
        return;
    }
    out->exit_status = EXIT_READY;
    out->message = name_denied(&snap, a);
}

static int save(struct job *job, struct arena *a)
{
    struct judged files = {.exit_status = EXIT_TROUBLE};
    const char *problem = "";
    if (machine_run(job->machine, collect_files, job, a, &files) != ST_OK)
        return trouble(a, "no process could be started to collect the evidence");
    if (files.exit_status != EXIT_READY)
        return trouble(a, "%s", arena_text(a, files.message));
    if (store_write(job->config->output, files.document, job->machine->from.now, a, &problem) !=
        ST_OK)
        return trouble(a, "%s", problem);
    if (files.message.len > 0)
        (void)trouble(a, "not in the capture: %s", arena_text(a, files.message));
    return EXIT_READY;
}

/* Loose evidence --------------------------------------------------------------------------- */

struct repacking {
    const struct config *config;
    struct raw_input *raw;
    struct libs libs;
    const struct windows_blobs *seen;
};

/* Notes from loading, which would be lost since a capture holds no notes. */
static struct span notes_of(const struct snapshot *s, struct arena *a)
{
    enum { SHOWN = 16 };
    struct out o;
    out_init(&o, a);
    for (size_t i = 0; i < s->notes.n && i < SHOWN; i++)
        out_printf(&o, "%s%s: %s", i > 0 ? "; " : "", s->notes.items[i].source,
                   s->notes.items[i].message);
    if (s->notes.n > SHOWN)
        out_printf(&o, "; and %zu more", s->notes.n - SHOWN);
    return out_span(&o);
}

/* Runs confined: packs the evidence, without what identifies its owner. */
static void repack_files(void *context, struct arena *a, struct judged *out)
{
    const struct repacking *r = context;
    struct snapshot *snap = arena_new(a, struct snapshot, 1);
    const char *problem = "";
    enum status st = load_input(r->raw, &r->libs, a, snap, &problem);
    if (st == ST_OK) {
        out->message = notes_of(snap, a);
        redact(snap);
        windows_add(r->seen, snap);
        snap_sort(snap);
        add_labels(r->config, snap);
        st = store_pack(snap, a, &out->document, &problem);
    }
    out->exit_status = st == ST_OK ? EXIT_READY : EXIT_TROUBLE;
    if (st != ST_OK)
        out->message = span_of(problem);
}

static int save_evidence(const struct config *c, struct raw_input *raw,
                         const struct windows_blobs *seen, struct arena *a)
{
    struct judged files = {.exit_status = EXIT_TROUBLE};
    struct repacking r = {c, raw, evidence_libs(raw, true), seen};
    const char *problem = "";
    if (evidence_run(raw, repack_files, &r, a, &files) != ST_OK)
        return trouble(a, "no process could be started to collect the evidence");
    if (files.exit_status != EXIT_READY)
        return trouble(a, "%s: %s", raw->path, arena_text(a, files.message));
    if (store_write(c->output, files.document, 0, a, &problem) != ST_OK)
        return trouble(a, "%s", problem);
    if (files.message.len > 0)
        (void)trouble(a, "%s", arena_text(a, files.message));
    return EXIT_READY;
}

static int run_evidence(const struct config *c, const struct windows_blobs *seen, struct arena *a)
{
    struct input_list inputs = {0};
    struct raw_input raw;
    const char *skipped = NULL, *problem = "";
    if (c->n_from > 1)
        return trouble(a,
                       "capture accepts one --from, but there are %zu: make one capture for "
                       "each machine",
                       c->n_from);
    if (evidence_expand(c->from[0], a, &inputs, &skipped, &problem) != ST_OK)
        return trouble(a, "%s", problem);
    if (inputs.n != 1)
        return trouble(a,
                       "%s contains %zu machines: name one of them, because a capture holds "
                       "only one",
                       c->from[0], inputs.n);
    if (input_read(&inputs.items[0], a, &raw, &problem) != ST_OK)
        return trouble(a, "%s", problem);
    int status = save_evidence(c, &raw, seen, a);
    input_close(&raw);
    return status;
}

/* Machines --------------------------------------------------------------------------------- */

static int run_machine(const struct config *c, const struct windows_blobs *seen)
{
    struct arena a;
    struct machine m;
    int status = EXIT_TROUBLE;
    arena_init(&a, LIMIT_DATA, out_of_memory);
    enum status st = machine_open(c->root, c->tcti, &a, &m);
    if (st == ST_OK) {
        status = save(&(struct job){c, &m, seen}, &a);
        machine_close(&m);
    } else {
        (void)trouble(&a, "%s: cannot be read: it %s", c->root != NULL ? c->root : "/",
                      reader_problem(st));
    }
    arena_reset(&a);
    return status;
}

static int run_either(const struct config *c, const struct windows_blobs *seen)
{
    struct arena a;
    if (c->n_from == 0)
        return run_machine(c, seen);
    arena_init(&a, LIMIT_DATA, out_of_memory);
    int status = run_evidence(c, seen, &a);
    arena_reset(&a);
    return status;
}

/* The blobs of a Windows are kept in an arena of their own. */
static int run(const struct config *c, struct arena *unused)
{
    struct arena a;
    struct windows_blobs seen = {0};
    if (c->output == NULL)
        return trouble(unused, "a capture has many files: name a folder or an archive, such as "
                               "--output host.tar.gz");
    if (c->windows == NULL && (c->blocklist != NULL || c->arch != NULL))
        return trouble(unused, "in a capture, --%s needs --windows",
                       c->blocklist != NULL ? "blocklist" : "arch");
    (void)libs_digest(NULL); /* before its user is confined, which reports if it is missing */
    arena_init(&a, LIMIT_DATA, out_of_memory);
    bool ok = c->windows == NULL || windows_look(c, &a, &seen);
    int status = ok ? run_either(c, &seen) : EXIT_TROUBLE;
    arena_reset(&a);
    return status;
}

const struct verb verb_capture = {
    .name = "capture",
    .synopsis = "--output PATH [OPTION]...",
    .summary = "save what a scan reads, to judge it elsewhere",
    .exit_statuses = "0 done, 2 trouble",
    .examples = "  vbscheck capture --output host.tar.gz --label host=$(hostname)\n"
                "  vbscheck capture --root /mnt --output tree\n"
                "  vbscheck capture --from sosreport.tar.xz --output for-the-vendor.tar.gz\n",
    .options = OPTION_BIT(FROM) | OPTION_BIT(ROOT) | OPTION_BIT(TCTI) | OPTION_BIT(OUTPUT) |
               OPTION_BIT(LABEL) | OPTION_BIT(WINDOWS) | OPTION_BIT(BLOCKLIST) | OPTION_BIT(ARCH),
    .needs = OPTION_BIT(OUTPUT),
    .needs_problem = "capture needs --output PATH",
    .run = run,
};
