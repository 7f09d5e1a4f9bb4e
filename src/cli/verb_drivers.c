/* SPDX-License-Identifier: MIT */
/* Judges Windows driver files by themselves. */
#include <string.h>
#include <unistd.h>

#include "cli/diff/document.h"
#include "cli/drivers.h"
#include "cli/terminal.h"
#include "cli/trouble.h"
#include "cli/verb.h"
#include "confine/confine.h"
#include "judge.h"

/* Input of the judge of the report. */
struct job {
    const struct config *config;
    const struct judge_options *options;
    const char *path;
    struct span drivers;
};

static uint64_t count_of(const struct report *r, enum fact_id id)
{
    const struct fact *f = &r->facts.all[id];
    return f->st == ST_OK ? f->v.u : 0;
}

static bool is_open(const struct report *r, enum fact_id id)
{
    enum status st = fact_status(&r->facts, id);
    return st == ST_MALFORMED || st == ST_UNSUPPORTED;
}

/*
 * 1: a violation or a denied file; 3: undecided files only; 0: nothing found, or nothing to judge.
 */
static int exit_status_of(const struct report *r)
{
    if (r->options->exit_zero)
        return EXIT_READY;
    if (count_of(r, FACT_DRIVERS_INCOMPATIBLE) + count_of(r, FACT_DRIVERS_DENIED) > 0)
        return EXIT_NOT_READY;
    return is_open(r, FACT_DRIVERS_DECIDED) || is_open(r, FACT_DRIVERS_DENY_DECIDED)
               ? EXIT_UNDETERMINED
               : EXIT_READY;
}

/* Runs confined. */
static void judge_drivers(void *context, struct arena *a, struct judged *result)
{
    const struct job *job = context;
    struct libs libs = {0};
    struct snapshot snap;
    struct report *report = arena_new(a, struct report, 1);
    struct out out;
    snap_init(&snap, a, SOURCE_EVIDENCE, job->path);
    snap_add(&snap, (struct blob){.name = "drivers", .st = ST_OK, .data = job->drivers});
    judge(&snap, job->options, &libs, a, report);
    out_init(&out, a);
    reporter_write_whole(job->config->format, &out, report);
    result->exit_status = exit_status_of(report);
    result->document = out_span(&out);
}

/* `a` holds the lines about many files. */
static int look_and_judge(const struct config *c, struct arena *a)
{
    static const char *const hvci[] = {"drivers.hvci", NULL};
    static const char *const both[] = {"drivers.hvci", "drivers.blocklist", NULL};
    struct judge_options options = c->judge;
    struct job job = {c, &options, c->args[0], {0}};
    struct judged result = {0};
    const struct confinement judge = {
        .profile = &profile_memory, .work = judge_drivers, .context = &job};
    options.only = c->blocklist != NULL ? both : hvci;
    options.looks = terminal_looks(c);
    bool complete = drivers_look(c, (const char *const *)c->args, c->n_args, a, &job.drivers);
    if (!complete && job.drivers.len == 0)
        return EXIT_TROUBLE;
    if (confine_run(&judge, a, &result) != ST_OK)
        return trouble(a, "no process could be started to judge the evidence");
    int status = document_write(c, &options.looks, &result, a);
    return complete ? status : EXIT_TROUBLE;
}

static int run(const struct config *c, struct arena *a)
{
    struct arena own;
    (void)a;
    arena_init(&own, LIMIT_DATA, out_of_memory);
    int status = look_and_judge(c, &own);
    arena_reset(&own);
    return status;
}

const struct verb verb_drivers = {
    .name = "drivers",
    .synopsis = "PATH... [OPTION]...",
    .summary = "judge Windows driver files, folders and packs for memory integrity",
    .exit_statuses =
        "0 nothing found, 1 a violation or a denied file, 2 trouble, 3 undecided files",
    .examples = "  vbscheck drivers /mnt/Windows/System32/drivers\n"
                "  vbscheck drivers --blocklist SiPolicy_Enforced.xml pack.cab\n",
    .options = OPTION_BIT(ARCH) | OPTION_BIT(JOBS) | OPTION_BIT(BLOCKLIST) | OPTION_BIT(DIGESTS) |
               OPTION_BIT(FORMAT) | OPTION_BIT(OUTPUT) | OPTION_BIT(EXIT_ZERO) | OPTION_BIT(QUIET) |
               OPTION_BIT(VERBOSE) | OPTION_BIT(COLOR),
    .min_args = 1,
    .max_args = SIZE_MAX,
    .args_problem = "which drivers? Name files, folders or packs (.zip, .cab, .7z)",
    .run = run,
};
