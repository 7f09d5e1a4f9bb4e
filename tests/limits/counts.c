/* SPDX-License-Identifier: MIT */
/*
 * counts PATH...: what one input costs in countable things, as lines "path key number": bytes of
 * the arena after loading, after judging and at most while a report is written; notes, findings of
 * the rule that has most, blobs, drivers; bytes of each format. In one process and without limits
 * of its own but the judge's arena, so that the same input always has the same numbers.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/input.h"
#include "io/libs.h"
#include "judge.h"
#include "load/raw.h"
#include "vbscheck/driver.h"
#include "vbscheck/libs.h"

#ifdef VBSCHECK_STEPS
#include "steps.h"
#endif

static struct libs libs;

static _Noreturn void out_of_memory(struct arena *a)
{
    (void)a;
    (void)fputs("out of memory\n", stderr);
    exit(3);
}

static void put(const char *path, const char *key, size_t n)
{
    (void)printf("%s %s %zu\n", path, key, n);
}

/* The findings of one rule stand together. */
static size_t most_findings(const struct facts *f)
{
    size_t most = 0, n = 0;
    for (size_t i = 0; i < f->n_findings; i++) {
        bool same = i > 0 && strcmp(f->findings[i].rule, f->findings[i - 1].rule) == 0;
        n = same ? n + 1 : 1;
        most = n > most ? n : most;
    }
    return most;
}

/* Each format begins with what the arena holds after judging. */
static void count_formats(const char *path, const struct snapshot *s, struct arena *a)
{
    static const struct judge_options options = {.wish = {.profile = &profile_vbs},
                                                 .looks = {.width = 80}};
    struct report *r = arena_new(a, struct report, 1);
    size_t most = 0;
    judge(s, &options, &libs, a, r);
    put(path, "judged", a->used);
    put(path, "notes", r->notes.n);
    put(path, "findings", most_findings(&r->facts));
    put(path, "drivers", r->facts.drivers != NULL ? r->facts.drivers->n : 0);
    for (size_t i = 0; i < n_reporters; i++) {
        struct out o;
        size_t before = a->used;
        out_init(&o, a);
        reporter_write_whole(reporters[i], &o, r);
        put(path, reporters[i]->name, o.len);
        most = a->used - before > most ? a->used - before : most;
    }
    put(path, "writing", most);
}

static void count(const char *path)
{
    const struct input_item item = {.path = path, .named = strlen(path)};
    const char *problem = "";
    struct raw_input raw;
    struct snapshot snap;
    struct arena read, a;
    arena_init(&read, LIMIT_DATA, out_of_memory);
    /* Formats add up here; a judge writes one. */
    arena_init(&a, (size_t)8 * LIMIT_DATA, out_of_memory);
#ifdef VBSCHECK_STEPS
    size_t before = steps_so_far();
#endif
    enum status st = input_read(&item, &read, &raw, &problem);
    if (st == ST_OK)
        st = load_input(&raw, &libs, &a, &snap, &problem);
    put(path, "refused", st != ST_OK);
    put(path, "loaded", a.used);
    if (st == ST_OK) {
        put(path, "blobs", snap.n);
        count_formats(path, &snap, &a);
    }
#ifdef VBSCHECK_STEPS
    put(path, "steps", steps_so_far() - before);
#endif
    arena_reset(&a);
    arena_reset(&read);
}

int main(int argc, char **argv)
{
    libs = (struct libs){.cpuid = libs_cpuid(NULL),
                         .digest = libs_digest(NULL),
                         .archive = libs_archive(NULL),
                         .xml = libs_xml(NULL),
                         .mu = libs_tss2_mu(NULL)};
    for (int i = 1; i < argc; i++)
        count(argv[i]);
    return 0;
}
