/* SPDX-License-Identifier: MIT */
/* Judges this machine, a tree of one, or what --from names; one confined judge per input. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/azure/metadata.h"
#include "cli/drivers.h"
#include "cli/evidence.h"
#include "cli/machine.h"
#include "cli/profile/wish.h"
#include "cli/scan/run.h"
#include "cli/scan/scan_libs.h"
#include "cli/terminal.h"
#include "cli/trouble.h"
#include "cli/verb.h"
#include "cli/windows/windows_look.h"
#include "io/driver_files.h"
#include "io/libs.h"
#include "judge.h"
#include "load/windows/windows_pack.h"
#include "vbscheck/count.h"

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
        run_judge(r, &job, &a, &item);
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
    if (r->known > 0)
        (void)fprintf(stderr, "vbscheck: %zu inputs left out: %s has their reports\n", r->known,
                      r->config->resume);
    if (n > 1)
        (void)fprintf(stderr,
                      "vbscheck: %zu inputs%s%s: %zu ready, %zu not ready, %zu undetermined, %zu "
                      "unusable\n",
                      n, r->options.fail_on == LEVEL_REQUIRED ? "" : ", --fail-on ",
                      r->options.fail_on == LEVEL_REQUIRED ? "" : level_name(r->options.fail_on),
                      r->sum.readiness[READY], r->sum.readiness[NOT_READY],
                      r->sum.readiness[UNDETERMINED], r->count[EXIT_TROUBLE]);
}

static bool is_many(const struct run *r)
{
    return r->inputs.n > 1 || r->config->from_list != NULL;
}

static void run_inputs(struct run *r)
{
    if (r->config->n_from == 0 && r->config->from_list == NULL) {
        scan_machine(r);
        return;
    }
    progress_start(&r->progress, r->inputs.n, r->config->output != NULL);
    if (is_many(r))
        run_many(r);
    else if (r->inputs.n == 1 && strcmp(r->inputs.items[0].path, "-") == 0)
        run_standard_input(r);
    else if (r->inputs.n == 1)
        run_evidence(r, &r->inputs.items[0], NULL);
    progress_hide(&r->progress);
    if (r->config->from_list != NULL &&
        r->known + r->count[0] + r->count[1] + r->count[2] + r->count[3] == 0) {
        (void)trouble(r->arena, "--from-list %s names no input", r->config->from_list);
        r->count[EXIT_TROUBLE]++;
    }
    /* If all inputs fail for one reason, its line is enough. */
    bool one_line = r->refusals.n == 1 && r->refusals.items[0].n == r->inputs.n;
    refusals_say(&r->refusals);
    if (!one_line)
        sum_up(r);
    if (r->labels.path != NULL)
        label_file_sum_up(&r->labels, r->arena);
}

/* The table's counts, in the text format. */
static enum status write_sum(struct run *r, const char **problem)
{
    struct out o;
    out_init(&o, r->arena);
    if (r->config->format == &reporter_text && text_is_table(&r->options))
        table_write_sum(&o, &r->sum, &r->options.looks);
    return run_write_part(r, out_span(&o), r->arena, problem);
}

static int finish(struct run *r)
{
    const char *problem = "";
    const char *tail = r->config->format->tail;
    if (!r->unwritable && write_sum(r, &problem) != ST_OK) {
        output_abandon(&r->output);
        return trouble(r->arena, "%s", problem);
    }
    size_t judged = r->count[EXIT_READY] + r->count[EXIT_NOT_READY] + r->count[EXIT_UNDETERMINED];
    if (r->begun && tail != NULL && !r->unwritable &&
        output_write(&r->output, span_of(tail), r->arena, &problem) != ST_OK) {
        output_abandon(&r->output);
        return trouble(r->arena, "%s", problem);
    }
    if (judged + r->known == 0 || r->unwritable) {
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

/* What does not go with several inputs; NULL: all does. */
static const char *wrong_for_many(const struct run *r)
{
    const struct config *c = r->config;
    const char *alone = one_input_only(c);
    const char *several = c->from_list != NULL
                              ? "--from-list is for several"
                              : arena_printf(r->arena, "there are %zu", r->inputs.n);
    if (!is_many(r))
        return NULL;
    for (size_t i = 0; i < r->inputs.n && c->from_list != NULL; i++) {
        if (strcmp(c->from_list, "-") == 0 && strcmp(r->inputs.items[i].path, "-") == 0)
            return "--from - and --from-list - both read standard input: give one of them a file";
    }
    if (!c->format->many)
        return arena_printf(r->arena, "--format %s prints only one input, but %s: %s",
                            c->format->name, several, c->format->instead);
    return alone == NULL
               ? NULL
               : arena_printf(r->arena, "--%s works with only one input, but %s", alone, several);
}

/* Tables that belong to the inputs. Returns false if one cannot be used. */
static bool read_tables(struct run *r)
{
    const struct config *c = r->config;
    const char *problem = "";
    if (c->labels_file != NULL && !label_file_read(c->labels_file, r->lists, &r->labels))
        return false;
    if (c->resume == NULL)
        return true;
    if (c->output != NULL && resume_is(c, c->output)) {
        (void)trouble(r->arena,
                      "--output would replace the reports in %s: give another file, or append with "
                      "'>> FILE' and without --output",
                      c->resume);
        return false;
    }
    if (!resume_read(c, r->lists, &r->resume))
        return false;
    return !r->resume.unfinished || c->output != NULL || !resume_continues(c) ||
           output_write(&r->output, span_of("\n"), r->arena, &problem) == ST_OK;
}

static int run_with(const struct config *c, struct arena *a, struct arena *lists)
{
    struct run r = {
        .config = c, .options = c->judge, .arena = a, .lists = lists, .refusals = {.arena = a}};
    const char *problem = "";
    if (!wish_prepare(&r.options.wish, a, &problem))
        return trouble(a, "%s", problem);
    expand_inputs(&r);
    const char *wrong = wrong_for_many(&r);
    if (wrong != NULL)
        return trouble(a, "%s", wrong);
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
    r.options.heading = is_many(&r);
    r.options.looks = terminal_looks(c);
    if (!read_tables(&r)) {
        output_abandon(&r.output);
        return EXIT_TROUBLE;
    }
    run_inputs(&r);
    return finish(&r);
}

static int run(const struct config *c, struct arena *a)
{
    struct arena lists;
    arena_init(&lists, INPUT_ARENA_MAX, a->oom);
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
               OPTION_BIT(AZURE_IMDS) | OPTION_BIT(IMDS_PORT) | OPTION_BIT(FROM_LIST) |
               OPTION_BIT(NUL) | OPTION_BIT(LABELS) | OPTION_BIT(RESUME),
    .takes_paths = true,
    .run = run,
};
