/* SPDX-License-Identifier: MIT */
/*
 * Shows what changed between two captures, inputs or reports. One confined process per input makes
 * a report of it, as a scan would; another process compares the two reports.
 */
#include <string.h>

#include "cli/diff/document.h"
#include "cli/evidence.h"
#include "cli/terminal.h"
#include "cli/trouble.h"
#include "cli/verb.h"
#include "compare/parcel.h"
#include "compare/print.h"
#include "judge.h"
#include "vbscheck/count.h"

typedef void compare_print(struct out *o, const struct comparison *c, const struct looks *looks);

static const struct {
    const char *format;
    compare_print *print;
} printers[] = {
    {"text", compare_print_text},
    {"markdown", compare_print_markdown},
    {"json", compare_print_json},
};

/* Input of the process that looks at one side. */
struct look {
    const struct judge_options *options;
    struct raw_input *raw;
    struct libs libs;
};

/* Runs confined: returns a report that was given as it is, or makes one from evidence. */
static void look_at_side(void *context, struct arena *a, struct judged *result)
{
    const struct look *look = context;
    const struct raw_input *raw = look->raw;
    struct out report, parcel;
    const char *problem = "";
    out_init(&parcel, a);
    if (!raw->folder && raw->stream == NULL && raw->n == 1 && told_looks_like(raw->files[0].data)) {
        parcel_pack(&parcel, raw->files[0].data, NULL);
        result->document = out_span(&parcel);
        return;
    }
    struct snapshot *snap = arena_new(a, struct snapshot, 1);
    struct report *judged = arena_new(a, struct report, 1);
    if (load_input(raw, &look->libs, a, snap, &problem) != ST_OK) {
        result->message = span_of(problem);
        return;
    }
    judge(snap, look->options, &look->libs, a, judged);
    if (judged->facts.problem != NULL) {
        result->message = span_of(judged->facts.problem);
        return;
    }
    out_init(&report, a);
    reporter_ndjson.write(&report, judged);
    parcel_pack(&parcel, out_span(&report), snap);
    result->document = out_span(&parcel);
}

/* Each side must be exactly one machine. */
static bool find_item(const char *path, struct arena *a, struct input_item *out)
{
    struct input_list found = {0};
    const char *skipped = NULL, *problem = "";
    if (evidence_expand(path, a, &found, &skipped, &problem) != ST_OK) {
        (void)trouble(a, "%s", problem);
        return false;
    }
    if (found.n == 1) {
        *out = found.items[0];
        return true;
    }
    if (found.n == 0)
        (void)trouble(a, "%s: contains nothing to compare", path);
    else
        (void)trouble(a,
                      "%s: contains %zu machines, but diff compares only one with one: name one "
                      "of them, such as %s",
                      path, found.n, found.items[0].path);
    return false;
}

/* Frees the memory of a side before the other is read: only its parcel stays, in `keep`. */
static bool read_side(const struct config *c, const char *path, struct arena *keep,
                      struct span *parcel)
{
    struct arena a;
    struct input_item item;
    struct raw_input raw;
    struct judged result = {0};
    const char *problem = "";
    bool done = false;
    arena_init(&a, LIMIT_DATA, out_of_memory);
    if (!find_item(path, &a, &item)) {
        /* already reported */
    } else if (input_read(&item, &a, &raw, &problem) != ST_OK) {
        (void)trouble(&a, "%s", problem);
    } else {
        struct look look = {&c->judge, &raw, evidence_libs(&raw, false)};
        if (evidence_run(&raw, look_at_side, &look, &a, &result) != ST_OK)
            (void)trouble(&a, "no process could be started to judge the evidence");
        else if (result.message.len > 0)
            (void)trouble(&a, "%s: %s", path, arena_text(&a, result.message));
        else
            done = true;
        input_close(&raw);
    }
    if (done) {
        parcel->ptr = (const uint8_t *)arena_text(keep, result.document);
        parcel->len = result.document.len;
    }
    arena_reset(&a);
    return done;
}

/* Input of the process that compares. */
struct comparing {
    const char *const *paths;
    struct span parcels[2];
    struct looks looks;
    compare_print *print;
};

static void unusable(struct judged *result, struct arena *a, const char *path, const char *problem)
{
    result->exit_status = EXIT_TROUBLE;
    result->message = span_of(arena_printf(a, "%s: %s", path, problem));
}

/* Runs confined. */
static void compare_sides(void *context, struct arena *a, struct judged *result)
{
    const struct comparing *w = context;
    struct side sides[2];
    struct comparison c;
    struct out o;
    for (size_t i = 0; i < COUNT(sides); i++) {
        const char *problem = "";
        if (parcel_unpack(w->parcels[i], a, &sides[i], &problem) != ST_OK) {
            unusable(result, a, w->paths[i], problem);
            return;
        }
        sides[i].path = w->paths[i];
    }
    compare(&sides[0], &sides[1], a, &c);
    out_init(&o, a);
    w->print(&o, &c, &w->looks);
    result->document = out_span(&o);
    result->exit_status = c.worse                              ? EXIT_NOT_READY
                          : c.n_rules > 0 || c.verdict_changed ? EXIT_UNDETERMINED
                                                               : EXIT_READY;
}

static int diff(const struct config *c, struct comparing *w, struct arena *a)
{
    struct judged result = {0};
    const struct confinement comparing = {
        .profile = &profile_memory, .work = compare_sides, .context = w};
    bool both = read_side(c, c->args[0], a, &w->parcels[0]);
    both = read_side(c, c->args[1], a, &w->parcels[1]) && both;
    if (!both)
        return EXIT_TROUBLE;
    if (confine_run(&comparing, a, &result) != ST_OK)
        return trouble(a, "no process could be started to judge the evidence");
    return document_write(c, &w->looks, &result, a);
}

static int run(const struct config *c, struct arena *unused)
{
    struct arena a;
    struct comparing w = {.paths = (const char *const *)c->args, .looks = terminal_looks(c)};
    for (size_t i = 0; i < COUNT(printers); i++) {
        if (strcmp(printers[i].format, c->format->name) == 0)
            w.print = printers[i].print;
    }
    if (w.print == NULL)
        return trouble(unused, "diff prints text, markdown or json, not %s", c->format->name);
    if (strcmp(c->args[0], "-") == 0 && strcmp(c->args[1], "-") == 0)
        return trouble(unused, "standard input can be only one of the two: name a file for the "
                               "other");
    arena_init(&a, LIMIT_DATA, out_of_memory);
    int status = diff(c, &w, &a);
    arena_reset(&a);
    return status;
}

const struct verb verb_diff = {
    .name = "diff",
    .synopsis = "A B [--format text|markdown|json] [--output FILE]",
    .summary = "what changed between two captures, inputs or JSON reports of a machine",
    .exit_statuses = "0 no rule changed, 1 a required rule or the verdict got worse, 2 trouble, 3 "
                     "other changes",
    .examples = "  vbscheck diff before.tar.gz after.tar.gz\n"
                "  vbscheck diff --format markdown old.json new.json\n",
    .options = OPTION_BIT(FORMAT) | OPTION_BIT(OUTPUT) | OPTION_BIT(COLOR),
    .min_args = 2,
    .max_args = 2,
    .args_problem = "diff compares two: name a capture, an input or a JSON report for each",
    .run = run,
};
