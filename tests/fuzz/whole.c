/* SPDX-License-Identifier: MIT */
#include "fuzz/whole.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "judge.h"
#include "support/libs.h"
#include "vbscheck/libs.h"

enum { JUDGE_ARENA = 48 << 20 };

static jmp_buf over_limit;

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

static void judge_in(struct raw_input *in, const struct archive_lib *archive, struct arena *a)
{
    static const struct digest_lib digest = {.SHA256 = zero_digest};
    const struct libs libs = {
        .archive = archive, .digest = &digest, .mu = test_libs.mu, .xml = test_xml};
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

void whole_judge(struct raw_input *in, const struct archive_lib *archive)
{
    struct arena a;
    arena_init(&a, JUDGE_ARENA, oom);
    if (setjmp(over_limit) == 0)
        judge_in(in, archive, &a);
    arena_reset(&a);
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
                                       .data = {part.ptr + data, part.len - data}};
        at = end;
    }
    whole_sort(files, n);
    return n;
}
