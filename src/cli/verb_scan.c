/* SPDX-License-Identifier: MIT */
/* Judges this machine, a tree of one, or what --from names; one confined judge per input. */
#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/azure/metadata.h"
#include "cli/drivers.h"
#include "cli/evidence.h"
#include "cli/fleet/jobs.h"
#include "cli/machine.h"
#include "cli/profile/wish.h"
#include "cli/progress.h"
#include "cli/refusals.h"
#include "cli/scan/scan_fleet.h"
#include "cli/terminal.h"
#include "cli/trouble.h"
#include "cli/verb.h"
#include "cli/windows/windows_look.h"
#include "confine/printable.h"
#include "io/driver_files.h"
#include "io/input.h"
#include "io/libs.h"
#include "io/output.h"
#include "judge.h"
#include "load/digest.h"
#include "load/raw.h"
#include "load/windows/windows_pack.h"
#include "vbscheck/count.h"

/* The raw bytes of one input, their names, and the document that comes back. */
enum { INPUT_ARENA_MAX = LIMIT_DATA };
static_assert(RAW_TOTAL_MAX + RAW_FILES_MAX * (RAW_NAME_MAX + 128) + DOCUMENT_MAX < INPUT_ARENA_MAX,
              "no input can use up its arena");

struct run {
    const struct config *config;
    struct judge_options options;
    bool begun; /* a part of the document is written */
    struct output output;
    struct arena *arena;
    struct arena *lists; /* of the inputs alone */
    struct input_list inputs;
    struct windows_blobs seen; /* from --drivers or --windows */
    size_t count[4];           /* inputs by exit status */
    struct span policy;        /* of --blocklist */
    struct progress progress;
    struct refusals refusals;
    bool unwritable; /* the document can no longer be written */
};

/* The worst of several inputs: trouble, then not ready, then undetermined. */
static int worst_status(const struct run *r)
{
    static const int order[] = {EXIT_TROUBLE, EXIT_NOT_READY, EXIT_UNDETERMINED};
    if (r->unwritable)
        return EXIT_TROUBLE;
    for (size_t i = 0; i < COUNT(order); i++) {
        if (r->count[order[i]] > 0)
            return order[i];
    }
    return EXIT_READY;
}

static enum status run_judge(struct scan_job *job, struct arena *a, struct judged *result)
{
    return job->machine != NULL ? machine_run(job->machine, scan_judge, job, a, result)
                                : evidence_run(job->raw, scan_judge, job, a, result);
}

/*
 * The text between the parts of a document comes from the format, never from a judge. A signal that
 * ends the program ends it between two parts.
 */
static enum status write_part(struct run *r, struct span part, struct arena *a,
                              const char **problem)
{
    const struct reporter *format = r->config->format;
    const char *before = r->begun ? format->between : format->head;
    sigset_t signals;
    if (part.len == 0)
        return ST_OK;
    r->begun = true;
    output_hold_signals(&signals);
    enum status st = before != NULL ? output_write(&r->output, span_of(before), a, problem) : ST_OK;
    if (st == ST_OK)
        st = output_write(&r->output, part, a, problem);
    output_release_signals(&signals);
    return st;
}

/* Writes what a judge returned, or says that it returned what it must not. */
static void write_judged(struct run *r, struct arena *a, const struct input_item *item,
                         struct judged result)
{
    const char *problem = "";
    if (!is_printable(result.document, r->options.looks.color)) {
        result = (struct judged){
            .exit_status = EXIT_TROUBLE,
            .message = span_of("the report was dropped because it contains terminal control "
                               "codes: the input may be hostile"),
        };
    }
    r->count[result.exit_status & 3]++;
    if (result.message.len > 0) {
        progress_hide(&r->progress);
        refusals_add(&r->refusals, item, arena_text(a, result.message));
    }
    if (write_part(r, result.document, a, &problem) == ST_OK)
        return;
    r->unwritable = true;
    progress_hide(&r->progress);
    (void)trouble(a, "%s", problem);
}

static void judge_and_write(struct run *r, struct scan_job *job, struct arena *a,
                            const struct input_item *item)
{
    struct judged result = {0};
    job->config = r->config;
    job->options = &r->options;
    if (run_judge(job, a, &result) != ST_OK) {
        result.exit_status = EXIT_TROUBLE;
        result.message = span_of("no process could be started to judge the evidence");
    }
    write_judged(r, a, item, result);
}

/* Beside that, what the report needs. */
static struct libs load_for_evidence(const struct raw_input *raw, const struct run *r)
{
    struct libs libs = scan_libs(raw, r->config, r->policy.len > 0);
    if (libs.digest != NULL)
        libs_prepare_digests(libs.digest);
    return libs;
}

static void say_unread(struct run *r, struct arena *a, const char *problem)
{
    progress_hide(&r->progress);
    (void)trouble(a, "%s", problem);
    r->count[EXIT_TROUBLE]++;
}

static void scan_evidence(struct run *r, const struct input_item *item)
{
    struct arena a;
    struct raw_input raw;
    const char *problem = "";
    arena_init(&a, INPUT_ARENA_MAX, out_of_memory);
    if (input_read(item, &a, &raw, &problem) != ST_OK) {
        say_unread(r, &a, problem);
    } else {
        struct scan_job job = {
            .raw = &raw, .seen = r->seen, .policy = r->policy, .libs = load_for_evidence(&raw, r)};
        judge_and_write(r, &job, &a, item);
        input_close(&raw);
    }
    arena_reset(&a);
}

static void scan_machine(struct run *r)
{
    struct arena a;
    struct machine m;
    const char *root = r->config->root;
    arena_init(&a, INPUT_ARENA_MAX, out_of_memory);
    enum status st = machine_open(root, r->config->tcti, &a, &m);
    if (st != ST_OK) {
        (void)trouble(&a, "%s: cannot be read: it %s", root != NULL ? root : "/",
                      reader_problem(st));
        r->count[EXIT_TROUBLE]++;
    } else {
        struct scan_job job = {.machine = &m, .seen = r->seen, .libs = machine_libs(&m, r->config)};
        if (r->config->azure_imds)
            job.imds = metadata_ask(r->config, &a);
        const struct input_item item = {.path = root != NULL ? root : "this machine",
                                        .named = SIZE_MAX};
        judge_and_write(r, &job, &a, &item);
        machine_close(&m);
    }
    arena_reset(&a);
}

/* Expands the arguments of --from; each unusable one costs a line. */
static void expand_inputs(struct run *r)
{
    for (size_t i = 0; i < r->config->n_from; i++) {
        struct input_list some = {0};
        const char *skipped = NULL, *problem = "";
        if (evidence_expand(r->config->from[i], r->lists, &some, &skipped, &problem) != ST_OK) {
            (void)trouble(r->arena, "%s", problem);
            r->count[EXIT_TROUBLE]++;
            continue;
        }
        if (skipped != NULL)
            (void)trouble(r->arena, "%s: loose files beside captures are not used: %s",
                          r->config->from[i], skipped);
        for (size_t j = 0; j < some.n; j++) {
            r->inputs.items =
                arena_grow(r->lists, r->inputs.items, r->inputs.n, sizeof *r->inputs.items);
            r->inputs.items[r->inputs.n++] = some.items[j];
        }
    }
}

/* Reads the bytes only; the judge parses them. */
static bool read_baseline(struct run *r)
{
    const char *path = r->config->baseline, *problem = "";
    const struct input_item item = {.path = path, .named = strlen(path)};
    struct raw_input raw;
    if (input_read(&item, r->arena, &raw, &problem) != ST_OK) {
        (void)trouble(r->arena, "--baseline %s", problem);
        return false;
    }
    bool usable = !raw.folder && raw.stream == NULL && raw.n == 1 && raw.files[0].data.len > 0;
    if (usable) {
        r->options.baseline = raw.files[0].data;
        r->options.baseline_path = path;
    } else {
        input_close(&raw);
        (void)trouble(r->arena,
                      "--baseline %s is not a JSON report: give the output of 'vbscheck "
                      "--format json'",
                      path);
    }
    return usable;
}

static void sum_up(const struct run *r)
{
    size_t n = r->count[0] + r->count[1] + r->count[2] + r->count[3];
    if (n > 1)
        (void)fprintf(stderr,
                      "vbscheck: %zu inputs%s%s: %zu ready, %zu not ready, %zu undetermined, %zu "
                      "unusable\n",
                      n, r->options.fail_on == LEVEL_REQUIRED ? "" : ", --fail-on ",
                      r->options.fail_on == LEVEL_REQUIRED ? "" : level_name(r->options.fail_on),
                      r->count[EXIT_READY], r->count[EXIT_NOT_READY], r->count[EXIT_UNDETERMINED],
                      r->count[EXIT_TROUBLE]);
}

/* The fleet's: one input's end, in the order of the inputs. */
static bool take_input(void *taker, size_t i, enum fleet_end end, const struct judged *result,
                       struct arena *a)
{
    struct run *r = taker;
    const struct input_item *item = &r->inputs.items[i];
    progress_show(&r->progress, i);
    if (end == FLEET_JUDGED)
        write_judged(r, a, item, *result);
    else if (end == FLEET_UNREAD)
        say_unread(r, a, arena_text(a, result->message));
    else
        scan_evidence(r, item);
    return !r->unwritable && !r->output.unread;
}

static void scan_fleet(struct run *r)
{
    struct scan_common common = {
        .job = {.config = r->config, .options = &r->options, .seen = r->seen, .policy = r->policy},
        .lists = r->lists};
    const struct fleet fleet = {.jobs = jobs_of(r->config, r->inputs.n),
                                .preparation = scan_preparation(&common),
                                .inputs = &r->inputs,
                                .take = take_input,
                                .taker = r};
    scan_fleet_prepare(&common);
    fleet_run(&fleet);
}

static void run_inputs(struct run *r)
{
    if (r->config->n_from == 0) {
        scan_machine(r);
        return;
    }
    progress_start(&r->progress, r->inputs.n, r->config->output != NULL);
    if (r->inputs.n > 1)
        scan_fleet(r);
    else if (r->inputs.n == 1)
        scan_evidence(r, &r->inputs.items[0]);
    progress_hide(&r->progress);
    /* If all inputs fail for one reason, its line is enough. */
    bool one_line = r->refusals.n == 1 && r->refusals.items[0].n == r->inputs.n;
    refusals_say(&r->refusals);
    if (!one_line)
        sum_up(r);
}

static int finish(struct run *r)
{
    const char *problem = "";
    const char *tail = r->config->format->tail;
    size_t judged = r->count[EXIT_READY] + r->count[EXIT_NOT_READY] + r->count[EXIT_UNDETERMINED];
    if (r->begun && tail != NULL && !r->unwritable &&
        output_write(&r->output, span_of(tail), r->arena, &problem) != ST_OK) {
        output_abandon(&r->output);
        return trouble(r->arena, "%s", problem);
    }
    if (judged == 0 || r->unwritable) {
        output_abandon(&r->output);
    } else if (output_commit(&r->output, r->arena, &problem) != ST_OK) {
        output_abandon(&r->output);
        return trouble(r->arena, "%s", problem);
    }
    return worst_status(r);
}

/* Returns false if something could not be looked at. */
static bool look_at_drivers(struct run *r)
{
    const struct config *c = r->config;
    if (c->windows != NULL)
        return windows_look(c, r->arena, &r->seen);
    if (c->n_drivers > 0)
        return drivers_look(c, (const char *const *)c->drivers, c->n_drivers, r->arena,
                            &r->seen.drivers);
    if (c->blocklist == NULL || c->n_from == 0)
        return true;
    enum status st = driver_file_map(&(struct driver_path){c->blocklist, true}, true, &r->policy);
    if (st != ST_OK)
        (void)trouble(r->arena, "%s %s", c->blocklist, status_meaning(st));
    return st == ST_OK;
}

/* An option that makes no sense with several inputs; NULL if none was given. */
static const char *one_input_only(const struct config *c)
{
    if (c->baseline != NULL)
        return "baseline";
    if (c->windows != NULL)
        return "windows";
    return c->n_drivers > 0 ? "drivers" : NULL;
}

static int run_with(const struct config *c, struct arena *a, struct arena *lists)
{
    struct run r = {
        .config = c, .options = c->judge, .arena = a, .lists = lists, .refusals = {.arena = a}};
    const char *problem = "";
    if (!wish_prepare(&r.options.wish, a, &problem))
        return trouble(a, "%s", problem);
    expand_inputs(&r);
    if (r.inputs.n > 1 && !c->format->many)
        return trouble(a, "--format %s prints only one input, but there are %zu: %s",
                       c->format->name, r.inputs.n, c->format->instead);
    const char *alone = one_input_only(c);
    if (r.inputs.n > 1 && alone != NULL)
        return trouble(a, "--%s works with only one input, but there are %zu", alone, r.inputs.n);
    if (c->n_drivers > 0 && c->windows != NULL)
        return trouble(a, "--drivers and --windows cannot be used together: run vbscheck once for "
                          "each");
    if (c->baseline != NULL && !read_baseline(&r))
        return EXIT_TROUBLE;
    bool seen = look_at_drivers(&r);
    if (!seen && c->n_drivers == 0)
        return EXIT_TROUBLE;
    if (!seen)
        r.count[EXIT_TROUBLE]++;
    if (output_open(c->output, a, &r.output, &problem) != ST_OK)
        return trouble(a, "%s", problem);
    r.options.heading = r.inputs.n > 1;
    r.options.looks = terminal_looks(c);
    run_inputs(&r);
    return finish(&r);
}

static int run(const struct config *c, struct arena *a)
{
    struct arena lists;
    arena_init(&lists, a->limit, a->oom);
    int status = run_with(c, a, &lists);
    arena_reset(&lists);
    return status;
}

const struct verb verb_scan = {
    .name = "scan",
    .synopsis = "[OPTION]... [PATH]...",
    .summary = "judge this machine, or evidence of another (the default)",
    .exit_statuses = "0 ready, 1 not ready, 2 trouble, 3 undetermined",
    .examples = "  vbscheck                          this machine; as root it sees more\n"
                "  vbscheck acpidump.txt lspci.txt   evidence of others: one report each\n"
                "  vbscheck --format ndjson captures/ > fleet.ndjson\n",
    .options = OPTION_BIT(FROM) | OPTION_BIT(ROOT) | OPTION_BIT(TCTI) | OPTION_BIT(PROFILE) |
               OPTION_BIT(REQUIRE) | OPTION_BIT(SKIP) | OPTION_BIT(FORMAT) | OPTION_BIT(OUTPUT) |
               OPTION_BIT(ONLY) | OPTION_BIT(FAIL_ON) | OPTION_BIT(EXIT_ZERO) | OPTION_BIT(QUIET) |
               OPTION_BIT(VERBOSE) | OPTION_BIT(COLOR) | OPTION_BIT(LABEL) | OPTION_BIT(DRIVERS) |
               OPTION_BIT(WINDOWS) | OPTION_BIT(BLOCKLIST) | OPTION_BIT(DIGESTS) |
               OPTION_BIT(ARCH) | OPTION_BIT(JOBS) | OPTION_BIT(BASELINE) | OPTION_BIT(AZURE_SIZE) |
               OPTION_BIT(AZURE_IMDS) | OPTION_BIT(IMDS_PORT),
    .takes_paths = true,
    .run = run,
};
