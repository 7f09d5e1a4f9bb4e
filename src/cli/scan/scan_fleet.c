/* SPDX-License-Identifier: MIT */
#include "cli/scan/scan_fleet.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <unistd.h>

#include "cli/evidence.h"
#include "cli/scan/scan_libs.h"
#include "cli/scan/warm_up.h"
#include "cli/trouble.h"
#include "io/libs.h"
#include "judge.h"

void scan_fleet_prepare(const struct scan_common *common)
{
    const struct digest_lib *digest = libs_digest(NULL);
    (void)libs_cpuid(NULL);
    (void)libs_tss2_mu(NULL);
    (void)libs_archive(NULL);
    if (common->job.policy.len > 0)
        (void)libs_xml(NULL);
    if (digest != NULL)
        libs_prepare_digests(digest);
}

/*
 * In the template. fork() copies the page tables of all that was ever touched, for each judge anew:
 * the lists go. What a judge does for the first time costs it page faults: it is done once here.
 */
static void prepare_template(void *context)
{
    const struct scan_common *common = context;
    struct arena once;
    arena_reset(common->lists);
#ifdef __GLIBC__
    (void)malloc_trim(0);
#endif
    arena_init(&once, LIMIT_DATA, out_of_memory);
    (void)warm_up(&common->job, &once);
    arena_reset(&once);
}

/* Runs confined: the input comes by the pipe, and the libraries are there. */
static void judge_taken(void *context, struct arena *a, struct judged *result)
{
    const struct scan_common *common = context;
    struct scan_job job = common->job;
    struct raw_input raw;
    if (!evidence_take(a, &raw, &job.about))
        _exit(EXIT_TROUBLE);
    job.raw = &raw;
    job.libs = scan_libs(&raw, job.config, job.policy.len > 0);
    scan_judge(&job, a, result);
}

struct preparation scan_preparation(struct scan_common *common)
{
    return (struct preparation){.profile = &profile_stream,
                                .work = judge_taken,
                                .context = common,
                                .prepare = prepare_template};
}
