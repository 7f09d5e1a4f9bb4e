/* SPDX-License-Identifier: MIT */
/*
 * Whoever sends a folder to be judged supplies these bytes: several files of loose evidence, each
 * after a line "%%NAME". They may contradict each other, and a name may be anything.
 */
#include "fuzz/target.h"
#include "fuzz/whole.h"
#include "support/build.h"

static void judge_folder(struct span bytes, struct arena *a)
{
    struct raw_file files[64];
    struct span lead;
    size_t n = whole_split(bytes, a, files, sizeof files / sizeof *files, &lead);
    struct raw_input in = {.path = "input", .folder = true, .files = files, .n = n};
    if (n > 0)
        whole_judge(&in, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    test_arena(&a);
    judge_folder((struct span){data, size}, &a);
    arena_reset(&a);
    return 0;
}
