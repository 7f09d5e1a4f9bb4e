/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "fuzz/mutants/mutants.h"

void judgement_take(struct judgement *out, const struct report *r)
{
    *out =
        (struct judgement){.st = ST_OK, .readiness = r->readiness, .viewpoint = r->facts.viewpoint};
    for (; out->n < r->n_outcomes && out->n < MUTANT_RULES; out->n++) {
        out->verdicts[out->n] = r->outcomes[out->n].verdict;
        out->rules[out->n] = r->outcomes[out->n].rule;
    }
}

enum status mutants_report(const struct raw_file *files, size_t n, bool capture,
                           const struct mutants_use *use)
{
    static struct raw_file copy[MUTANT_FILES + 1];
    struct arena a;
    test_arena(&a);
    memcpy(copy, files, n * sizeof *files);
    if (capture && whole_manifest(copy, n, "live", &a, &copy[n]))
        whole_sort(copy, ++n);
    struct raw_input in = {.path = "input", .folder = true, .files = copy, .n = n};
    enum status st = whole_report(&in, NULL, use->use, use->context);
    arena_reset(&a);
    return st;
}

static void take(void *context, const struct report *r, struct arena *a)
{
    (void)a;
    judgement_take(context, r);
}

void mutants_judge(const struct raw_file *files, size_t n, bool capture, struct judgement *out)
{
    const struct mutants_use use = {take, out};
    *out = (struct judgement){0};
    out->st = mutants_report(files, n, capture, &use);
}
