/* SPDX-License-Identifier: MIT */
/*
 * Whoever sends a capture supplies these bytes: its blobs, each after a line "%%NAME" or, for one
 * that was not read, "%%NAME=STATUS". The manifest is composed to fit them, so that mutants get
 * past it; a part of that name takes its place. The lead is the source of the capture.
 */
#include <string.h>

#include "fuzz/target.h"
#include "fuzz/whole.h"
#include "support/build.h"

enum { BLOBS = 96 };

static bool has_manifest(const struct raw_file *files, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(files[i].name, CAPTURE_MANIFEST) == 0)
            return true;
    }
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct raw_file files[BLOBS + 1];
    struct span lead;
    test_arena(&a);
    size_t n = whole_split((struct span){data, size}, &a, files, BLOBS, &lead);
    const char *source = lead.len > 1 && lead.ptr[0] == 'e' ? "evidence" : "live";
    if (!has_manifest(files, n) && whole_manifest(files, n, source, &a, &files[n]))
        whole_sort(files, ++n);
    struct raw_input in = {.path = "input", .folder = true, .files = files, .n = n};
    whole_judge(&in, NULL);
    arena_reset(&a);
    return 0;
}
