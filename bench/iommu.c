/* SPDX-License-Identifier: MIT */
/*
 * How fast IOMMU tables are parsed and a PCI tree is looked up in them, on one core:
 * bench_iommu LSPCI-TEXT TABLE…. Then 20,000 mutations of the tables, always the same ones, of
 * which the slowest is told.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/input.h"
#include "load/raw.h"
#include "parse/klog/klog.h"
#include "probe/cpu/cpu_evidence.h"
#include "probe/probe.h"
#include "probe/viewpoint/viewpoint.h"
#include "rate.h"
#include "support/mutant.h"
#include "vbscheck/libs.h"

enum { MAX_TABLES = 1024, MUTANTS = 20000, ARENA = 256 << 20 };

struct bench {
    struct arena arena;
    struct span pci; /* blob */
    struct span tables[MAX_TABLES];
    size_t n;
    size_t functions;
};

static struct span read_file(struct bench *b, const char *path)
{
    struct raw_input *raw = arena_new(&b->arena, struct raw_input, 1);
    const struct input_item item = {.path = path, .named = strlen(path)};
    const char *problem = "";
    if (input_read(&item, &b->arena, raw, &problem) != ST_OK || raw->n != 1) {
        (void)fprintf(stderr, "%s: %s\n", path, problem);
        exit(2);
    }
    return raw->files[0].data;
}

static void load_tree(struct bench *b, const char *path)
{
    struct raw_input raw;
    struct snapshot snap;
    const struct input_item item = {.path = path, .named = strlen(path)};
    const struct libs libs = {0};
    const char *problem = "";
    if (input_read(&item, &b->arena, &raw, &problem) != ST_OK ||
        load_input(&raw, &libs, &b->arena, &snap, &problem) != ST_OK) {
        (void)fprintf(stderr, "%s: %s\n", path, problem);
        exit(2);
    }
    b->pci = snap_get(&snap, "pci").data;
    for (size_t i = 0; i < b->pci.len; i++)
        b->functions += b->pci.ptr[i] == '\n';
}

/* All that the probe of IOMMUs does: parse, cover, count. */
static void judge_table(const struct bench *b, struct span table)
{
    struct arena a;
    struct snapshot snap;
    struct facts facts;
    struct klog log = {0};
    arena_init(&a, ARENA, rate_out_of_memory);
    snap_init(&snap, &a, SOURCE_EVIDENCE, NULL);
    const char *name = arena_printf(&a, "acpi/%.4s", (const char *)table.ptr);
    snap_add(&snap, (struct blob){.name = name, .st = ST_OK, .data = table});
    snap_add(&snap, (struct blob){.name = "pci", .st = ST_OK, .data = b->pci});
    facts_init(&facts, &a);
    struct notes notes = {.arena = &a};
    static const struct libs none;
    const struct view view = {0};
    const struct cpu_evidence cpu = {0};
    probe_iommu.run(&(struct probe_run){.snap = &snap,
                                        .libs = &none,
                                        .log = &log,
                                        .cpu = &cpu,
                                        .view = &view,
                                        .facts = &facts,
                                        .notes = &notes,
                                        .arena = &a});
    arena_reset(&a);
}

static void judge_all(void *context)
{
    const struct bench *b = context;
    for (size_t i = 0; i < b->n; i++)
        judge_table(b, b->tables[i]);
}

static void judge_mutants(const struct bench *b)
{
    uint64_t seed = 0x853c49e6748fea9b;
    double slowest = 0, begin = rate_now();
    for (unsigned i = 0; i < MUTANTS; i++) {
        struct span table = b->tables[i % b->n];
        struct heap h = mutant_of_table(table, &seed, i);
        double start = rate_busy();
        if (h.span.len >= 4)
            judge_table(b, h.span);
        double spent = rate_busy() - start;
        slowest = spent > slowest ? spent : slowest;
        heap_free(&h);
    }
    (void)printf("mutated tables, parsed and covered    %8.0f tables/s, the slowest of %d in "
                 "%.2f ms\n",
                 (double)MUTANTS / (rate_now() - begin), MUTANTS, slowest * 1e3);
}

int main(int argc, char **argv)
{
    static struct bench b;
    double bytes = 0;
    if (argc < 3)
        return 2;
    arena_init(&b.arena, SIZE_MAX / 2, rate_out_of_memory);
    load_tree(&b, argv[1]);
    for (int i = 2; i < argc && b.n < MAX_TABLES; i++) {
        b.tables[b.n] = read_file(&b, argv[i]);
        bytes += (double)b.tables[b.n++].len;
    }
    double rate = rate_of(judge_all, &b);
    (void)printf("tables parsed and covered             %8.0f tables/s (%zu tables, %.0f KB, %zu "
                 "functions)\n",
                 rate * (double)b.n, b.n, bytes / 1e3, b.functions);
    judge_mutants(&b);
    return 0;
}
