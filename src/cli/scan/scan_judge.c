/* SPDX-License-Identifier: MIT */
#include "cli/scan/scan_judge.h"

#include <string.h>

#include "cli/cli_options.h"
#include "cli/evidence.h"
#include "cli/scan/about.h"
#include "cli/trouble.h"
#include "cli/windows/windows_rejudge.h"
#include "compare/baseline.h"
#include "judge.h"
#include "load/digest.h"
#include "report/table.h"

/* Adds what the command line gives beside the machine or the evidence. */
static bool add_given(const struct scan_job *job, struct arena *a, struct snapshot *snap,
                      const char **problem)
{
    const struct config *c = job->config;
    const struct windows_policy policy = {.path = c->blocklist, .data = job->policy};
    if (c->azure_size != NULL)
        snap_add(snap,
                 (struct blob){.name = "azure-size", .st = ST_OK, .data = span_of(c->azure_size)});
    if (job->imds.name != NULL)
        snap_add(snap, job->imds);
    windows_add(&job->seen, snap);
    if (job->seen.drivers.len == 0 && !windows_rejudge(&policy, job->libs.xml, a, snap, problem))
        return false;
    add_labels(c, snap);
    about_label(job->about, snap);
    return true;
}

/* Goes from the first look at foreign bytes to the report. Returns NULL, or what is wrong. */
static const char *make_report(const struct scan_job *job, struct arena *a, struct report *report,
                               bool *known)
{
    struct snapshot *snap = arena_new(a, struct snapshot, 1);
    const char *problem = "";
    if (job->machine != NULL)
        machine_collect(job->machine, a, snap);
    else if (load_input(job->raw, &job->libs, a, snap, &problem) != ST_OK)
        return problem;
    if (!add_given(job, a, snap, &problem))
        return problem;
    if (job->libs.digest != NULL && (job->config->format->digest || about_asks(job->about)))
        snap->digest = load_digest(snap, job->libs.digest, a);
    *known = snap->digest != NULL && about_knows(job->about, snap->digest);
    if (*known)
        return NULL;
    judge(snap, job->options, &job->libs, a, report);
    if (report->facts.problem != NULL)
        return report->facts.problem;
    if (report->options->baseline.len > 0 && baseline_apply(report, a, &problem) != ST_OK)
        return arena_printf(a, "--baseline %s %s", job->config->baseline, problem);
    return NULL;
}

void scan_judge(void *context, struct arena *a, struct judged *result)
{
    const struct scan_job *job = context;
    struct report *report = arena_new(a, struct report, 1);
    bool known = false;
    const char *problem = make_report(job, a, report, &known);
    if (known) { /* reported already: nothing at all is returned */
        result->exit_status = EXIT_READY;
        return;
    }
    if (problem != NULL) {
        result->exit_status = EXIT_TROUBLE;
        result->message = span_of(problem);
        return;
    }
    struct out out;
    struct table_marks marks;
    out_init(&out, a);
    job->config->format->write(&out, report);
    result->exit_status = report->exit_status;
    result->document = out_span(&out);
    table_mark(report, &marks);
    memcpy(result->marks, &marks, sizeof marks);
}
