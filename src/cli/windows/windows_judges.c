/* SPDX-License-Identifier: MIT */
#include "cli/windows/windows_judges.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/trouble.h"
#include "confine/confine.h"
#include "confine/sandbox.h"
#include "io/libs.h"
#include "io/root.h"
#include "io/windows/source.h"
#include "judge.h"
#include "parse/driver_list.h"
#include "parse/windows/evtx.h"
#include "parse/windows/hive.h"
#include "parse/windows/windows_list.h"

enum { JUDGED_MAX = 2 * DOCUMENT_MAX };

static bool run_confined(const struct confinement *c, struct arena *a, struct judged *result)
{
    result->message = span_of("no process could be started to judge the evidence");
    return confine_run(c, a, result) == ST_OK && result->exit_status == EXIT_READY;
}

static void add(struct out *o, struct span text)
{
    out_bytes(o, (const char *)text.ptr, text.len);
}

/* Hive ------------------------------------------------------------------------------------- */

struct hive_work {
    const struct hivex_lib *lib;
    struct span hive;
};

/* Runs confined: the message contains the services. */
static void judge_hive(void *context, struct arena *a, struct judged *result)
{
    const struct hive_work *work = context;
    struct windows w = {0};
    struct out lines, services;
    out_init(&lines, a);
    out_init(&services, a);
    (void)hive_read(work->lib, "/proc/self/fd/1", work->hive, a, &w);
    windows_write_hive(&lines, &w);
    windows_write_services(&services, &w);
    result->exit_status = EXIT_READY;
    result->document = out_span(&lines);
    result->message = out_span(&services);
}

/* A file in memory that nobody can change any more; -1 if it could not be filled. */
static int sealed(struct span bytes)
{
    int fd = memfd_create("hive", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    for (size_t at = 0; fd >= 0 && at < bytes.len;) {
        ssize_t n = write(fd, bytes.ptr + at, bytes.len - at);
        if (n <= 0) { /* the disk that the bytes are mapped from failed */
            close_fd(&fd);
            return -1;
        }
        at += (size_t)n;
    }
    if (fd >= 0 &&
        fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) != 0)
        close_fd(&fd);
    return fd;
}

static void open_hive(const struct hive_work *work, struct arena *a, struct out *windows,
                      struct span *services)
{
    struct judged result = {0};
    scoped_fd fd = sealed(work->hive);
    const struct confinement c = {.profile = &profile_hive,
                                  .work = judge_hive,
                                  .context = &(struct hive_work){work->lib, work->hive},
                                  .file = fd};
    if (fd < 0) {
        windows_write_part(windows, "hive", ST_IO_ERROR,
                           "the hive SYSTEM could not be read from the disk");
    } else if (run_confined(&c, a, &result)) {
        add(windows, result.document);
        *services = result.message;
    } else {
        windows_write_part(windows, "hive", ST_MALFORMED,
                           arena_printf(a, "the hive SYSTEM: %s", arena_text(a, result.message)));
    }
}

void windows_judge_hive(struct span hive, struct arena *a, struct out *windows,
                        struct span *services)
{
    const char *problem = "";
    struct hive_work work = {libs_hivex(&problem), hive};
    if (work.lib == NULL)
        windows_write_part(windows, "hive", ST_NO_DRIVER, problem);
    else if (sandbox_landlock_version() < 1)
        windows_write_part(windows, "hive", ST_NO_DRIVER,
                           "vbscheck opens a hive only under a kernel with Landlock, which this "
                           "kernel lacks: boot one that has it");
    else
        open_hive(&work, a, windows, services);
}

/* Sleep ------------------------------------------------------------------------------------ */

/* Runs confined. */
static void judge_sleep(void *context, struct arena *a, struct judged *result)
{
    const struct span *head = context;
    (void)a;
    result->exit_status = EXIT_READY;
    result->document = span_of(windows_sleeps(*head) ? "sleeps" : "");
}

bool windows_judge_sleep(struct span head, struct arena *a, bool *sleeps)
{
    struct judged result = {0};
    const struct confinement c = {
        .profile = &profile_memory, .work = judge_sleep, .context = &head};
    if (head.len > 0 && !run_confined(&c, a, &result))
        return false;
    *sleeps = head.len > 0 && result.document.len > 0;
    return true;
}

/* Log -------------------------------------------------------------------------------------- */

struct log_work {
    const struct evtx_lib *lib;
    struct span log;
};

/* Runs confined: the message contains the files. */
static void judge_log(void *context, struct arena *a, struct judged *result)
{
    const struct log_work *work = context;
    struct windows w = {0};
    struct out lines, refused;
    out_init(&lines, a);
    out_init(&refused, a);
    (void)evtx_read(work->lib, work->log, a, &w);
    windows_write_log(&lines, &w);
    windows_write_refused(&refused, &w);
    result->exit_status = EXIT_READY;
    result->document = out_span(&lines);
    result->message = out_span(&refused);
}

void windows_judge_log(struct span log, struct arena *a, struct out *windows, struct span *refused)
{
    const char *problem = "";
    struct judged result = {0};
    struct log_work work = {libs_evtx(&problem), log};
    const struct confinement c = {.profile = &profile_memory, .work = judge_log, .context = &work};
    if (work.lib == NULL)
        windows_write_part(windows, "log", ST_NO_DRIVER, problem);
    else if (run_confined(&c, a, &result)) {
        add(windows, result.document);
        *refused = result.message;
    } else
        windows_write_part(
            windows, "log", ST_MALFORMED,
            arena_printf(a, "the code integrity log: %s", arena_text(a, result.message)));
}

/* Images ----------------------------------------------------------------------------------- */

/* Runs confined. */
static void judge_images(void *context, struct arena *a, struct judged *result)
{
    const struct windows_batch *b = context;
    struct out out;
    out_init(&out, a);
    windows_look_at_images(b->images, b->n, b->services, b->options, a, &out);
    result->exit_status = EXIT_READY;
    result->document = out_span(&out);
}

/* Adds the line of a file that ended its judge. */
static bool judge_fault(const struct windows_batch *b, size_t i, const char *why, struct arena *a,
                        struct out *drivers)
{
    struct windows_image bad = b->images[i];
    struct judged result = {0};
    bad.fault = arena_printf(a, "could not be read: %s", why);
    struct windows_batch one = *b;
    one.images = &bad;
    one.n = 1;
    const struct confinement c = {
        .profile = &profile_memory, .work = judge_images, .context = &one};
    bool ok = run_confined(&c, a, &result);
    if (ok)
        add(drivers, result.document);
    return ok;
}

size_t windows_judge_images(const struct windows_batch *b, struct arena *a, struct out *drivers)
{
    struct windows_batch copy = *b;
    struct judged result = {0};
    const struct confinement all = {
        .profile = &profile_memory, .work = judge_images, .context = &copy};
    size_t lost = 0;
    if (run_confined(&all, a, &result)) {
        add(drivers, result.document);
        return 0;
    }
    for (size_t i = 0; i < b->n; i++) {
        struct arena once;
        arena_init(&once, JUDGED_MAX, out_of_memory);
        copy.images = &b->images[i];
        copy.n = 1;
        if (run_confined(&all, &once, &result))
            add(drivers, result.document);
        else
            lost += !judge_fault(b, i, arena_text(&once, result.message), &once, drivers);
        arena_reset(&once);
    }
    return lost;
}

/* Catalogs and policies -------------------------------------------------------------------- */

/* Runs confined. */
static void judge_catalogs(void *context, struct arena *a, struct judged *result)
{
    const struct windows_catalog_batch *b = context;
    struct out out;
    out_init(&out, a);
    windows_look_at_catalogs(b->catalogs, b->n, b->drivers, b->digest, a, &out);
    result->exit_status = EXIT_READY;
    result->document = out_span(&out);
}

void windows_judge_catalogs(const struct windows_catalog_batch *b, struct arena *a,
                            struct out *lines)
{
    struct judged result = {0};
    struct windows_catalog_batch copy = *b;
    const struct confinement c = {
        .profile = &profile_memory, .work = judge_catalogs, .context = &copy};
    if (run_confined(&c, a, &result))
        add(lines, result.document);
    else
        driver_list_head(
            lines, "notice",
            arena_printf(a, "%zu catalogs were not read: %s", b->n, arena_text(a, result.message)));
}

/* Runs confined. */
static void judge_policies(void *context, struct arena *a, struct judged *result)
{
    const struct windows_policy_work *w = context;
    const char *problem = "";
    struct out out;
    out_init(&out, a);
    if (!windows_apply_policies(w, a, &out, &problem)) {
        result->message = span_of(problem);
        return;
    }
    result->exit_status = EXIT_READY;
    result->document = out_span(&out);
}

bool windows_judge_policies(const struct windows_policy_work *w, struct arena *a, struct span *out,
                            const char **problem)
{
    struct judged result = {0};
    struct windows_policy_work copy = *w;
    const struct confinement c = {
        .profile = &profile_memory, .work = judge_policies, .context = &copy};
    if (!run_confined(&c, a, &result)) {
        *problem = arena_text(a, result.message);
        return false;
    }
    *out = result.document;
    return true;
}
