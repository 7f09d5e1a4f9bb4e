/* SPDX-License-Identifier: MIT */
/* A scan that reports what the program can and cannot see here. It writes nothing. */
#include <string.h>

#include "cli/doctor/doctor.h"
#include "cli/machine.h"
#include "cli/trouble.h"
#include "cli/verb.h"
#include "confine/printable.h"
#include "io/libs.h"
#include "judge.h"
#include "vbscheck/count.h"

struct job {
    const struct config *config;
    struct machine *machine;
    struct doctor doctor;
    struct libs libs;
    void (*print)(struct out *o, const struct doctor *d, const struct report *r);
};

/* Runs confined, like the judge of a scan. */
static void examine(void *context, struct arena *a, struct judged *result)
{
    const struct job *job = context;
    struct doctor doctor = job->doctor;
    struct snapshot snap;
    struct report *report = arena_new(a, struct report, 1);
    struct out out;
    doctor.arena = a;
    machine_collect(job->machine, a, &snap);
    judge(&snap, &job->config->judge, &job->libs, a, report);
    doctor_judge(&doctor, report);
    out_init(&out, a);
    job->print(&out, &doctor, report);
    result->exit_status = EXIT_READY;
    result->document = out_span(&out);
}

static int print(struct job *job, struct arena *a)
{
    struct judged result = {0};
    struct out o;
    if (machine_run(job->machine, examine, job, a, &result) != ST_OK)
        return trouble(a, "no process could be started to judge the evidence");
    if (result.message.len > 0)
        return trouble(a, "%s", arena_text(a, result.message));
    if (!is_printable(result.document, false))
        return trouble(a, "the report was dropped because it contains terminal control codes");
    out_init(&o, a);
    out_bytes(&o, (const char *)result.document.ptr, result.document.len);
    return put_document(&o, a);
}

static const struct {
    const char *format;
    void (*print)(struct out *o, const struct doctor *d, const struct report *r);
} printers[] = {{"text", doctor_print_text}, {"json", doctor_print_json}};

static int run(const struct config *c, struct arena *unused)
{
    struct arena a;
    struct machine m;
    struct job job = {.config = c, .machine = &m};
    for (size_t i = 0; i < COUNT(printers); i++) {
        if (strcmp(printers[i].format, c->format->name) == 0)
            job.print = printers[i].print;
    }
    if (job.print == NULL)
        return trouble(unused, "doctor prints text or json, not %s", c->format->name);
    arena_init(&a, LIMIT_DATA, out_of_memory);
    job.doctor.arena = &a;
    doctor_look(&job.doctor);
    job.libs = (struct libs){.cpuid = libs_cpuid(NULL), .mu = libs_tss2_mu(NULL)};
    int status = EXIT_TROUBLE;
    enum status st = machine_open(NULL, NULL, &a, &m);
    if (st == ST_OK) {
        status = print(&job, &a);
        machine_close(&m);
    } else {
        (void)trouble(&a, "/: cannot be read: it %s", reader_problem(st));
    }
    arena_reset(&a);
    return status;
}

const struct verb verb_doctor = {
    .name = "doctor",
    .synopsis = "[--format text|json]",
    .summary = "what this program can and cannot see here, and which rules that costs",
    .exit_statuses = "0 done, 2 trouble",
    .examples = "  vbscheck doctor\n  sudo vbscheck doctor --format json\n",
    .options = OPTION_BIT(FORMAT),
    .run = run,
};
