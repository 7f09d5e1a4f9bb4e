/* SPDX-License-Identifier: MIT */
#include "cli/scan/run.h"

#include <assert.h>
#include <signal.h>
#include <string.h>

#include "cli/evidence.h"
#include "cli/scan/about.h"
#include "cli/scan/scan_libs.h"
#include "cli/trouble.h"
#include "confine/printable.h"
#include "io/hold.h"
#include "io/libs.h"
#include "judge.h"

static_assert(RAW_TOTAL_MAX + RAW_FILES_MAX * (RAW_NAME_MAX + 128) + DOCUMENT_MAX < INPUT_ARENA_MAX,
              "no input can use up its arena");
static_assert(sizeof(struct table_marks) == JUDGED_MARKS && (int)V_COUNT <= (int)JUDGED_MARK_MAX,
              "a judge can hand back a row's status");

/*
 * The text between the parts of a document comes from the format, never from a judge. A signal that
 * ends the program ends it between two parts.
 */
enum status run_write_part(struct run *r, struct span part, struct arena *a, const char **problem)
{
    const struct reporter *format = r->config->format;
    const char *before = r->begun ? format->between : format->head;
    sigset_t signals;
    if (part.len == 0)
        return ST_OK;
    r->begun = true;
    hold_signals(&signals);
    enum status st = before != NULL ? output_write(&r->output, span_of(before), a, problem) : ST_OK;
    if (st == ST_OK)
        st = output_write(&r->output, part, a, problem);
    release_signals(&signals);
    return st;
}

/*
 * A judge returns nothing at all for an input that --resume knows (about.h), and for no other: one
 * whose path has no report cannot say that it has one.
 */
static bool is_known(const struct run *r, const struct input_item *item,
                     const struct judged *result, struct arena *a)
{
    return result->document.len == 0 && result->message.len == 0 &&
           result->exit_status == EXIT_READY && resume_find(&r->resume, item->path, a).len > 0;
}

static void count(struct run *r, const struct judged *result)
{
    struct table_marks marks;
    r->count[result->exit_status & 3]++;
    memcpy(&marks, result->marks, sizeof marks);
    if (result->document.len > 0)
        table_add(&r->sum, &marks);
}

void run_write(struct run *r, struct arena *a, const struct input_item *item, struct judged result)
{
    const char *problem = "";
    if (!is_printable(result.document, r->options.looks.color)) {
        result = (struct judged){
            .exit_status = EXIT_TROUBLE,
            .message = span_of("the report was dropped because it contains terminal control "
                               "codes: the input may be hostile"),
        };
    }
    if (is_known(r, item, &result, a)) {
        r->known++;
        return;
    }
    if (result.document.len == 0 && result.message.len == 0) {
        result = (struct judged){
            .exit_status = EXIT_TROUBLE,
            .message = span_of("the judge sent an empty result: the input may be hostile"),
        };
    }
    count(r, &result);
    if (result.message.len > 0) {
        progress_hide(&r->progress);
        refusals_add(&r->refusals, item, arena_text(a, result.message));
    }
    if (run_write_part(r, result.document, a, &problem) == ST_OK)
        return;
    r->unwritable = true;
    progress_hide(&r->progress);
    (void)trouble(a, "%s", problem);
}

void run_say_unread(struct run *r, struct arena *a, const char *problem)
{
    progress_hide(&r->progress);
    (void)trouble(a, "%s", problem);
    r->count[EXIT_TROUBLE]++;
}

void run_judge(struct run *r, struct scan_job *job, struct arena *a, const struct input_item *item)
{
    struct judged result = {0};
    job->config = r->config;
    job->options = &r->options;
    enum status st = job->machine != NULL ? machine_run(job->machine, scan_judge, job, a, &result)
                                          : evidence_run(job->raw, scan_judge, job, a, &result);
    if (st != ST_OK) {
        result.exit_status = EXIT_TROUBLE;
        result.message = span_of("no process could be started to judge the evidence");
    }
    run_write(r, a, item, result);
}

/* Also loads what the report needs. */
static struct libs load_for_evidence(const struct raw_input *raw, const struct run *r)
{
    struct libs libs = scan_libs(raw, r->config, r->policy.len > 0);
    if (libs.digest != NULL)
        libs_prepare_digests(libs.digest);
    return libs;
}

struct span run_about(struct run *r, const struct input_item *item, struct arena *a)
{
    struct span labels = {0}, digests = {0};
    if (r->labels.path != NULL)
        labels = label_file_find(&r->labels, item->path, a);
    if (r->config->resume != NULL)
        digests = resume_find(&r->resume, item->path, a);
    return about_write(labels, digests, a);
}

void run_evidence(struct run *r, const struct input_item *item, struct raw_input *raw)
{
    struct arena a;
    struct raw_input read;
    const char *problem = "";
    arena_init(&a, INPUT_ARENA_MAX, out_of_memory);
    if (raw == NULL && input_read(item, &a, &read, &problem) != ST_OK) {
        run_say_unread(r, &a, problem);
        arena_reset(&a);
        return;
    }
    struct raw_input *in = raw != NULL ? raw : &read;
    struct scan_job job = {.raw = in,
                           .about = run_about(r, item, &a),
                           .seen = r->seen,
                           .policy = r->policy,
                           .libs = load_for_evidence(in, r)};
    run_judge(r, &job, &a, item);
    if (raw == NULL)
        input_close(in);
    arena_reset(&a);
}
