/* SPDX-License-Identifier: MIT */
/*
 * What a judge of many inputs costs before it looks at one: N judges that do nothing, forked of a
 * template that has loaded what a scan loads. And what unpacking costs: every archive that is
 * named, in this one process, by libarchive.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "confine/prepared.h"
#include "io/libs.h"
#include "vbscheck/libs.h"

enum { JUDGES = 2000 };

static void nothing(void *context, struct arena *a, struct judged *out)
{
    (void)context;
    (void)a;
    out->exit_status = 0;
}

static _Noreturn void give_up(struct arena *a)
{
    (void)a;
    abort();
}

/* The time of this process and of all that it waited for, in microseconds. */
static double processor_time(void)
{
    double sum = 0;
    const int of[] = {RUSAGE_SELF, RUSAGE_CHILDREN};
    for (size_t i = 0; i < 2; i++) {
        struct rusage u;
        (void)getrusage(of[i], &u);
        sum += 1e6 * (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
               (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
    }
    return sum;
}

static double wall_time(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return 1e6 * (double)t.tv_sec + (double)t.tv_nsec / 1e3;
}

static void judge_nothing(void)
{
    const struct preparation how = {.profile = &profile_stream, .work = nothing};
    const struct confinement c = {.profile = &profile_stream};
    struct prepared p;
    struct arena a;
    arena_init(&a, 1 << 20, give_up);
    double used = processor_time(), begun = wall_time();
    if (prepared_start(&how, &p) != ST_OK)
        return;
    for (int i = 0; i < JUDGES; i++) {
        struct judged j;
        if (prepared_begin(&p) != ST_OK || prepared_finish(&p, &c, &a, &j) != ST_OK)
            return;
        arena_reset(&a);
    }
    prepared_end(&p);
    (void)printf("%.1f %.1f\n", (wall_time() - begun) / (double)JUDGES,
                 (processor_time() - used) / (double)JUDGES);
}

#if VBSCHECK_HAVE_LIBARCHIVE

static void unpack(const struct archive_lib *lib, const char *path)
{
    static char archive_bytes[4 << 20], bytes[64 << 10];
    FILE *f = fopen(path, "rb");
    size_t n = f != NULL ? fread(archive_bytes, 1, sizeof archive_bytes, f) : 0;
    struct archive_entry *e;
    struct archive *r = lib->archive_read_new();
    (void)lib->archive_read_support_filter_gzip(r);
    (void)lib->archive_read_support_format_tar(r);
    if (lib->archive_read_open_memory(r, archive_bytes, n) == ARCHIVE_OK) {
        while (lib->archive_read_next_header(r, &e) == ARCHIVE_OK) {
            while (lib->archive_read_data(r, bytes, sizeof bytes) > 0)
                ;
        }
    }
    (void)lib->archive_read_free(r);
    if (f != NULL)
        (void)fclose(f);
}

#else

static void unpack(const struct archive_lib *lib, const char *path)
{
    (void)lib;
    (void)path;
}

#endif

int main(int argc, char **argv)
{
    const struct archive_lib *archive = libs_archive(NULL);
    const struct digest_lib *digest = libs_digest(NULL);
    (void)libs_cpuid(NULL);
    (void)libs_tss2_mu(NULL);
    if (digest != NULL)
        libs_prepare_digests(digest);
    judge_nothing();
    if (archive == NULL || argc < 2)
        return 0;
    double used = processor_time(), begun = wall_time();
    for (int i = 1; i < argc; i++)
        unpack(archive, argv[i]);
    (void)printf("%.1f %.1f\n", (wall_time() - begun) / (argc - 1),
                 (processor_time() - used) / (argc - 1));
    return 0;
}
