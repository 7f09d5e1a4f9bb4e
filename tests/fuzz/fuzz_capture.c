/* SPDX-License-Identifier: MIT */
/*
 * Whoever sends a capture supplies these bytes: its blobs, each after a line "%%NAME" or, for one
 * that was not read, "%%NAME=STATUS". The manifest is composed to fit them, so that mutants get
 * past it; a part of that name takes its place. The lead is the source of the capture.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/target.h"
#include "fuzz/whole.h"
#include "support/build.h"

enum { BLOBS = 96 };

/* The row of a blob; takes "=STATUS" off its name. */
static json_t *blob_row(struct raw_file *f, struct arena *a)
{
    size_t name = strcspn(f->name, "=");
    const char *status = f->name[name] == '=' ? f->name + name + 1 : NULL;
    f->name = arena_text(a, (struct span){(const uint8_t *)f->name, name});
    if (status == NULL)
        return json_pack("{s:s, s:s, s:I, s:s, s:s}", "name", f->name, "status", "ok", "size",
                         (json_int_t)f->data.len, "sha256", WHOLE_DIGEST, "from", "the fuzzer");
    return json_pack("{s:s, s:s, s:i, s:n, s:s}", "name", f->name, "status", status, "size", 0,
                     "sha256", "from", "the fuzzer");
}

/* The manifest as text; NULL for names that are not UTF-8. */
static char *manifest_of(struct raw_file *files, size_t n, const char *source, struct arena *a)
{
    json_t *blobs = json_array();
    for (size_t i = 0; i < n; i++)
        (void)json_array_append_new(blobs, blob_row(&files[i], a));
    json_t *m = json_pack("{s:i, s:{s:s, s:s}, s:s, s:n, s:n, s:n, s:o}", "format", 1, "tool",
                          "name", "vbscheck", "version", "0.2.0", "source", source, "collected_at",
                          "kernel", "arch", "blobs", blobs);
    char *text = m != NULL ? json_dumps(m, JSON_COMPACT) : NULL;
    json_decref(m);
    return text;
}

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
    char *text = has_manifest(files, n) ? NULL : manifest_of(files, n, source, &a);
    if (text != NULL) {
        files[n++] = (struct raw_file){.name = CAPTURE_MANIFEST, .data = span_of(text)};
        whole_sort(files, n);
    }
    struct raw_input in = {.path = "input", .folder = true, .files = files, .n = n};
    whole_judge(&in, NULL);
    free(text);
    arena_reset(&a);
    return 0;
}
