/* SPDX-License-Identifier: MIT */
#include "fuzz/whole.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/target.h"
#include "judge.h"
#include "support/libs.h"
#include "vbscheck/libs.h"

enum { JUDGE_ARENA = 48 << 20 };

static jmp_buf over_limit;

static struct {
    size_t inputs, judged;
} seen;

bool fuzz_reached_nothing(void)
{
    return seen.inputs > 0 && seen.judged == 0;
}

static void oom(struct arena *a)
{
    (void)a;
    longjmp(over_limit, 1);
}

static unsigned char *zero_digest(const unsigned char *data, size_t len, unsigned char *md)
{
    (void)data;
    (void)len;
    return memset(md, 0, DIGEST_LEN);
}

/* What whole_report() was called with. */
struct asked {
    struct raw_input *in;
    const struct archive_lib *archive;
    void (*use)(void *context, const struct report *r, struct arena *a);
    void *context;
};

static enum status judge_in(const struct asked *q, struct arena *a)
{
    static const struct digest_lib digest = {.SHA256 = zero_digest};
    const struct libs libs = {
        .archive = q->archive, .digest = &digest, .mu = test_libs.mu, .xml = test_xml};
    static const struct judge_options options = {.wish = {.profile = &profile_vbs},
                                                 .verbose = true};
    struct snapshot snap;
    const char *problem = "";
    enum status st = load_input(q->in, &libs, a, &snap, &problem);
    seen.inputs++;
    if (st != ST_OK)
        return st;
    seen.judged++;
    struct report *report = arena_new(a, struct report, 1);
    judge(&snap, &options, &libs, a, report);
    q->use(q->context, report, a);
    return ST_OK;
}

enum status whole_report(struct raw_input *in, const struct archive_lib *archive,
                         void (*use)(void *context, const struct report *r, struct arena *a),
                         void *context)
{
    const struct asked asked = {in, archive, use, context};
    volatile enum status st = ST_IO_ERROR;
    struct arena a;
    arena_init(&a, JUDGE_ARENA, oom);
    if (setjmp(over_limit) == 0)
        st = judge_in(&asked, &a);
    arena_reset(&a);
    return st;
}

static void print_all(void *context, const struct report *r, struct arena *a)
{
    (void)context;
    for (size_t i = 0; i < n_reporters; i++) {
        struct out out;
        out_init(&out, a);
        reporters[i]->write(&out, r);
    }
}

void whole_judge(struct raw_input *in, const struct archive_lib *archive)
{
    (void)whole_report(in, archive, print_all, NULL);
}

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

bool whole_manifest(struct raw_file *files, size_t n, const char *source, struct arena *a,
                    struct raw_file *out)
{
    json_t *blobs = json_array();
    for (size_t i = 0; i < n; i++)
        (void)json_array_append_new(blobs, blob_row(&files[i], a));
    json_t *m = json_pack("{s:i, s:{s:s, s:s}, s:s, s:n, s:n, s:n, s:o}", "format", 1, "tool",
                          "name", "vbscheck", "version", "0.2.0", "source", source, "collected_at",
                          "kernel", "arch", "blobs", blobs);
    char *text = m != NULL ? json_dumps(m, JSON_COMPACT) : NULL;
    json_decref(m);
    if (text == NULL)
        return false;
    *out = (struct raw_file){
        .name = CAPTURE_MANIFEST, .st = ST_OK, .data = span_of(arena_text(a, span_of(text)))};
    free(text);
    return true;
}

void whole_in_arena(void (*use)(struct span bytes, struct arena *a), struct span bytes)
{
    struct arena a;
    arena_init(&a, JUDGE_ARENA, oom);
    if (setjmp(over_limit) == 0)
        use(bytes, &a);
    arena_reset(&a);
}

/* The start of the next line "%%NAME" at or after `from`; the length if there is none. */
static size_t next_mark(struct span bytes, size_t from)
{
    for (size_t i = from; i + 2 < bytes.len; i++) {
        if ((i == 0 || bytes.ptr[i - 1] == '\n') && bytes.ptr[i] == '%' && bytes.ptr[i + 1] == '%')
            return i;
    }
    return bytes.len;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct raw_file *)a)->name, ((const struct raw_file *)b)->name);
}

void whole_sort(struct raw_file *files, size_t n)
{
    qsort(files, n, sizeof *files, by_name);
}

size_t whole_split(struct span bytes, struct arena *a, struct raw_file *files, size_t most,
                   struct span *lead)
{
    size_t n = 0, at = next_mark(bytes, 0);
    *lead = (struct span){bytes.ptr, at};
    while (at < bytes.len && n < most) {
        size_t end = next_mark(bytes, at + 1);
        struct span part = {bytes.ptr + at + 2, end - at - 2};
        const uint8_t *line = memchr(part.ptr, '\n', part.len);
        size_t name = line != NULL ? (size_t)(line - part.ptr) : part.len;
        size_t data = line != NULL ? name + 1 : name;
        files[n++] = (struct raw_file){.name = arena_text(a, (struct span){part.ptr, name}),
                                       .st = ST_OK,
                                       .data = {part.ptr + data, part.len - data}};
        at = end;
    }
    whole_sort(files, n);
    return n;
}
