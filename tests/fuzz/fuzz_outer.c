/* SPDX-License-Identifier: MIT */
/*
 * An archive of captures on standard input: whoever sends it supplies these bytes. Those that begin
 * with "%%" are questions of a process that such an archive controls, each after a line "%%NAME"
 * whose last digit is its kind; the side with rights answers them or ends the process.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/inputs/outer.h"
#include "fuzz/target.h"
#include "fuzz/whole.h"
#include "io/libs.h"
#include "support/build.h"

struct pieces {
    struct span rest;
};

static struct span next_piece(void *context, struct arena *a)
{
    struct pieces *p = context;
    size_t n = p->rest.len < 4096 ? p->rest.len : 4096;
    struct span piece = {(const uint8_t *)arena_text(a, (struct span){p->rest.ptr, n}), n};
    p->rest = span_skip(p->rest, n);
    return piece;
}

/* Names stay below where they are put, and no more is handed over than may be. */
static bool take(void *context, const char *name, struct raw_input *raw, const char *problem)
{
    size_t total = 0;
    (void)context;
    (void)problem;
    for (size_t i = 0; i < raw->n; i++)
        total += strlen(raw->files[i].name) + raw->files[i].data.len;
    if (name == NULL || raw->n > RAW_FILES_MAX || total > RAW_TOTAL_MAX + RAW_FILES_MAX * 512U)
        abort();
    return true;
}

/* Hostile questions, without an archive. */
static void ask_all(void *context, struct arena *a, struct judged *out)
{
    struct raw_file files[256];
    struct span lead;
    size_t n = whole_split(*(const struct span *)context, a, files, 256, &lead);
    (void)out;
    for (size_t i = 0; i < n; i++) {
        size_t name = strlen(files[i].name);
        struct member_head h = {.ask = name > 0 ? (uint8_t)files[i].name[name - 1] - 48U : 99};
        uint8_t *question = arena_alloc(a, sizeof h + files[i].data.len, 1);
        memcpy(question, &h, sizeof h);
        if (files[i].data.len > 0)
            memcpy(question + sizeof h, files[i].data.ptr, files[i].data.len);
        (void)confine_ask((struct span){question, sizeof h + files[i].data.len}, a);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct heap copy = heap_copy((struct span){data, size});
    struct pieces pieces = {copy.span};
    struct arena files, a;
    struct judged result;
    struct members m = {.arena = &files, .read = next_piece, .take = take, .context = &pieces};
    bool asks = size > 2 && data[0] == '%' && data[1] == '%';
    const struct confinement c = {.profile = &profile_memory,
                                  .work = asks ? ask_all : outer_unpack,
                                  .context = asks ? (void *)&copy.span
                                                  : (void *)(uintptr_t)libs_archive(NULL),
                                  .serve = members_serve,
                                  .server = &m};
    test_arena(&files);
    test_arena(&a);
    (void)confine_run(&c, &a, &result);
    arena_reset(&files);
    arena_reset(&a);
    heap_free(&copy);
    return 0;
}
