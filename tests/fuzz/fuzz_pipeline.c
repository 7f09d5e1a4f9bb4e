/* SPDX-License-Identifier: MIT */
/*
 * Whoever sends a file to be judged supplies these bytes: any loose evidence, or a manifest. They
 * go the whole way, from telling what they are to the printed report. Nothing is repaired; the
 * tables inside have targets of their own.
 */
#include <setjmp.h>
#include <string.h>

#include "fuzz/target.h"
#include "judge.h"
#include "load/raw.h"
#include "support/libs.h"
#include "vbscheck/libs.h"

static jmp_buf over_limit;

static void oom(struct arena *a)
{
    (void)a;
    longjmp(over_limit, 1);
}

/* Every digest fits, so that captures get as far as the probes. */
static unsigned char *zero_digest(const unsigned char *data, size_t len, unsigned char *md)
{
    (void)data;
    (void)len;
    return memset(md, 0, DIGEST_LEN);
}

static void judge_input(struct raw_input *in, struct arena *a)
{
    static const struct digest_lib digest = {.SHA256 = zero_digest};
    const struct libs libs = {.digest = &digest, .mu = test_libs.mu};
    static const struct judge_options options = {.wish = {.profile = &profile_vbs},
                                                 .verbose = true};
    struct snapshot snap;
    const char *problem = "";
    if (load_input(in, &libs, a, &snap, &problem) != ST_OK)
        return;
    struct report *report = arena_new(a, struct report, 1);
    judge(&snap, &options, &libs, a, report);
    for (size_t i = 0; i < n_reporters; i++) {
        struct out out;
        out_init(&out, a);
        reporters[i]->write(&out, report);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct raw_file file = {.name = "", .st = ST_OK, .data = {data, size}};
    struct raw_input single = {.path = "input", .files = &file, .n = 1};
    struct raw_file manifest = {.name = "manifest.json", .st = ST_OK, .data = {data, size}};
    struct raw_input capture = {.path = "input", .folder = true, .files = &manifest, .n = 1};
    arena_init(&a, 48 << 20, oom);
    if (setjmp(over_limit) == 0) {
        judge_input(&single, &a);
        judge_input(&capture, &a);
    }
    arena_reset(&a);
    return 0;
}
