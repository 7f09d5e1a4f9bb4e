/* SPDX-License-Identifier: MIT */
/*
 * How fast evidence is judged, on one core and without processes: bench_judge FOLDER…, each the
 * evidence or the capture of one machine. Printed are medians of several rounds.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/input.h"
#include "io/libs.h"
#include "judge.h"
#include "load/raw.h"
#include "rate.h"
#include "vbscheck/libs.h"

enum { MAX_HOSTS = 256 };

struct host {
    struct raw_input raw;      /* all files of the folder */
    struct raw_input acpidump; /* the acpidump text alone */
    struct arena arena;        /* of the snapshot */
    struct snapshot snap;
    struct span json;
};

struct bench {
    struct arena arena;
    struct host hosts[MAX_HOSTS];
    size_t n;
    struct judge_options options;
    struct libs libs;
};

/* A pass over all hosts. */
struct pass {
    struct bench *b;
    void (*work)(struct bench *b, struct host *h);
};

static void run_pass(void *context)
{
    const struct pass *p = context;
    for (size_t i = 0; i < p->b->n; i++)
        p->work(p->b, &p->b->hosts[i]);
}

static double passes_a_second(struct bench *b, void (*work)(struct bench *b, struct host *h))
{
    struct pass p = {b, work};
    return rate_of(run_pass, &p);
}

static void load(const struct bench *b, const struct raw_input *raw, struct arena *a,
                 struct snapshot *out)
{
    const char *problem = "";
    if (load_input(raw, &b->libs, a, out, &problem) != ST_OK) {
        (void)fprintf(stderr, "%s: %s\n", raw->path, problem);
        exit(2);
    }
}

static void render(struct bench *b, const struct snapshot *s, struct arena *a, struct out *o)
{
    struct report *r = arena_new(a, struct report, 1);
    judge(s, &b->options, &b->libs, a, r);
    out_init(o, a);
    reporter_ndjson.write(o, r);
}

static void do_acpidump(struct bench *b, struct host *h)
{
    struct arena a;
    struct snapshot s;
    struct out o;
    if (h->acpidump.n == 0)
        return;
    arena_init(&a, 256 << 20, rate_out_of_memory);
    load(b, &h->acpidump, &a, &s);
    render(b, &s, &a, &o);
    arena_reset(&a);
}

static void do_judge(struct bench *b, struct host *h)
{
    struct arena a;
    arena_init(&a, 256 << 20, rate_out_of_memory);
    judge(&h->snap, &b->options, &b->libs, &a, arena_new(&a, struct report, 1));
    arena_reset(&a);
}

static void do_render(struct bench *b, struct host *h)
{
    struct arena a;
    struct out o;
    arena_init(&a, 256 << 20, rate_out_of_memory);
    render(b, &h->snap, &a, &o);
    arena_reset(&a);
}

/* The peer: what jansson takes to build and dump the same document. */
static void do_jansson(struct bench *b, struct host *h)
{
    (void)b;
    json_t *parsed = json_loadb((const char *)h->json.ptr, h->json.len, 0, NULL);
    json_t *built = json_deep_copy(parsed);
    free(json_dumps(built, JSON_COMPACT));
    json_decref(built);
    json_decref(parsed);
}

static void do_jansson_read(struct bench *b, struct host *h)
{
    (void)b;
    json_decref(json_loadb((const char *)h->json.ptr, h->json.len, 0, NULL));
}

static void add_host(struct bench *b, const char *path)
{
    struct host *h = &b->hosts[b->n];
    const struct input_item item = {.path = path, .named = strlen(path)};
    const char *problem = "";
    struct out o;
    if (b->n == MAX_HOSTS || input_read(&item, &b->arena, &h->raw, &problem) != ST_OK) {
        (void)fprintf(stderr, "%s: %s\n", path, problem);
        exit(2);
    }
    h->acpidump = (struct raw_input){.path = path, .folder = true};
    for (size_t i = 0; i < h->raw.n; i++) {
        if (strcmp(h->raw.files[i].name, "acpidump.txt") == 0) {
            h->acpidump.files = &h->raw.files[i];
            h->acpidump.n = 1;
        }
    }
    arena_init(&h->arena, 256 << 20, rate_out_of_memory);
    load(b, &h->raw, &h->arena, &h->snap);
    render(b, &h->snap, &h->arena, &o);
    h->json = out_span(&o);
    b->n++;
}

int main(int argc, char **argv)
{
    static struct bench b;
    b.libs = (struct libs){
        .cpuid = libs_cpuid(NULL), .digest = libs_digest(NULL), .mu = libs_tss2_mu(NULL)};
    double acpidump_bytes = 0, json_bytes = 0;
    arena_init(&b.arena, SIZE_MAX / 2, rate_out_of_memory);
    b.options = (struct judge_options){.wish = {.profile = &profile_vbs}};
    for (int i = 1; i < argc; i++)
        add_host(&b, argv[i]);
    for (size_t i = 0; i < b.n; i++) {
        if (b.hosts[i].acpidump.n > 0)
            acpidump_bytes += (double)b.hosts[i].acpidump.files[0].data.len;
        json_bytes += (double)b.hosts[i].json.len;
    }
    double n = (double)b.n;
    double text = passes_a_second(&b, do_acpidump);
    double judged = passes_a_second(&b, do_judge) * n;
    double rendered = passes_a_second(&b, do_render) * n;
    double written = 1 / (1 / rendered - 1 / judged);
    double jansson_all = passes_a_second(&b, do_jansson) * n;
    double jansson_read = passes_a_second(&b, do_jansson_read) * n;
    double jansson = 1 / (1 / jansson_all - 1 / jansson_read);
    (void)printf("acpidump text, detected to rendered   %8.0f MB/s (%zu hosts, %.1f MB)\n",
                 text * acpidump_bytes / 1e6, b.n, acpidump_bytes / 1e6);
    (void)printf("snapshot to outcomes                  %8.0f hosts/s\n", judged);
    (void)printf("snapshot to ndjson                    %8.0f hosts/s (%.1f KB each)\n", rendered,
                 json_bytes / n / 1e3);
    (void)printf("ndjson writer alone                   %8.0f reports/s\n", written);
    (void)printf("jansson, build and dump the same      %8.0f reports/s (ratio %.1f)\n", jansson,
                 written / jansson);
    return 0;
}
