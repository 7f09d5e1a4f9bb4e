/* SPDX-License-Identifier: MIT */
/* Saving what a scan reads. */
#include "cli/machine.h"
#include "cli/trouble.h"
#include "cli/verb.h"
#include "io/libs.h"
#include "io/store.h"
#include "judge.h"

/* What a replay will not know, told now: the one who captures can still do something about it. */
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
};

/* Runs confined: the document is the capture's files, the message what it lacks. */
static void collect_files(void *context, struct arena *a, struct judged *out)
{
    const struct job *job = context;
    struct snapshot snap;
    const char *problem = "";
    machine_collect(job->machine, a, &snap);
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
        return trouble(a, "no process could be started for the collector");
    if (files.exit_status != EXIT_READY)
        return trouble(a, "%s", arena_text(a, files.message));
    if (store_write(job->config->output, files.document, job->machine->from.now, a, &problem) !=
        ST_OK)
        return trouble(a, "%s", problem);
    if (files.message.len > 0)
        (void)trouble(a, "not in the capture: %s", arena_text(a, files.message));
    return EXIT_READY;
}

static int run(const struct config *c, struct arena *unused)
{
    if (c->output == NULL)
        return trouble(unused, "a capture is many files: name a folder or an archive, such as "
                               "--output host.tar.gz");
    struct arena a;
    struct machine m;
    int status = EXIT_TROUBLE;
    arena_init(&a, LIMIT_DATA, out_of_memory);
    (void)libs_digest(NULL); /* before its user is confined; it says if it is missing */
    enum status st = machine_open(c->root, c->tcti, &a, &m);
    if (st == ST_OK) {
        status = save(&(struct job){c, &m}, &a);
        machine_close(&m);
    } else {
        (void)trouble(&a, "%s: cannot be read: it %s", c->root != NULL ? c->root : "/",
                      reader_problem(st));
    }
    arena_reset(&a);
    return status;
}

const struct verb verb_capture = {
    .name = "capture",
    .synopsis = "--output PATH [OPTION]...",
    .summary = "save what a scan reads, to be judged elsewhere",
    .exit_statuses = "0 done, 2 trouble",
    .examples = "  vbscheck capture --output host.tar.gz --label host=$(hostname)\n"
                "  vbscheck capture --root /mnt --output tree\n",
    .options = OPTION_BIT(ROOT) | OPTION_BIT(TCTI) | OPTION_BIT(OUTPUT) | OPTION_BIT(LABEL),
    .needs = OPTION_BIT(OUTPUT),
    .needs_problem = "capture needs --output PATH",
    .run = run,
};
