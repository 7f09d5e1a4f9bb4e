/* SPDX-License-Identifier: MIT */
/*
 * Whoever gives evidence to `capture --from` supplies these bytes. Nothing is repaired. What is
 * left of them when they are fit to be given away is judged as they were, rule by rule, and no two
 * blobs have one name. Each half is also a file of its own, so that there are contradictions.
 */
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/target.h"
#include "judge.h"
#include "load/raw.h"
#include "load/redact.h"
#include "vbscheck/libs.h"

static jmp_buf over_limit;

static void oom(struct arena *a)
{
    (void)a;
    longjmp(over_limit, 1);
}

static void judge_again(const struct snapshot *snap, struct arena *a, struct report *out)
{
    static const struct libs libs = {0};
    static const struct judge_options options = {.wish = {.profile = &profile_vbs}};
    judge(snap, &options, &libs, a, out);
}

/* A name that runs into evidence may take that with it: less is known then, and nothing else. */
static void check_same(const struct report *one, const struct report *other)
{
    for (size_t i = 0; i < one->n_outcomes; i++) {
        const struct outcome *x = &one->outcomes[i], *y = &other->outcomes[i];
        bool same = x->verdict == y->verdict && x->reason == y->reason && x->level == y->level;
        if (!same && y->verdict != V_UNKNOWN)
            abort();
    }
}

static void check(struct raw_input *in, struct arena *a)
{
    static const struct libs libs = {0};
    struct snapshot snap;
    const char *problem = "";
    struct report *one = arena_new(a, struct report, 1), *other = arena_new(a, struct report, 1);
    if (load_input(in, &libs, a, &snap, &problem) != ST_OK)
        return;
    judge_again(&snap, a, one);
    redact(&snap);
    for (size_t i = 1; i < snap.n; i++) {
        if (strcmp(snap.blobs[i - 1].name, snap.blobs[i].name) >= 0)
            abort(); /* no capture could hold them */
    }
    redact_unnumber(&snap);
    snap_sort(&snap);
    judge_again(&snap, a, other);
    check_same(one, other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct raw_file file = {.name = "", .st = ST_OK, .data = {data, size}};
    struct raw_input single = {.path = "input", .files = &file, .n = 1};
    struct raw_file halves[] = {
        {.name = "a", .st = ST_OK, .data = {data, size / 2}},
        {.name = "b", .st = ST_OK, .data = {data + size / 2, size - size / 2}},
    };
    struct raw_input folder = {.path = "input", .folder = true, .files = halves, .n = 2};
    arena_init(&a, 48 << 20, oom);
    if (setjmp(over_limit) == 0) {
        check(&single, &a);
        check(&folder, &a);
    }
    arena_reset(&a);
    return 0;
}
