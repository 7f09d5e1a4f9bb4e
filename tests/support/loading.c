/* SPDX-License-Identifier: MIT */
#include "support/loading.h"

#include <string.h>

#include "support/build.h"
#include "vbscheck/libs.h"

static unsigned char *zero_digest(const unsigned char *data, size_t len, unsigned char *md)
{
    (void)data;
    (void)len;
    return memset(md, 0, DIGEST_LEN);
}

static void load(struct loading *l, struct raw_file *files, size_t n, bool folder)
{
    static const struct digest_lib digest = {.SHA256 = zero_digest};
    static const struct libs libs = {.digest = &digest};
    struct raw_input in = {.path = "input", .folder = folder, .files = files, .n = n};
    test_arena(&l->arena);
    l->problem = "";
    l->st = load_input(&in, &libs, &l->arena, &l->snap, &l->problem);
}

void loading_span(struct loading *l, struct span data)
{
    struct raw_file f = {.name = "", .st = ST_OK, .data = data};
    load(l, &f, 1, false);
}

void loading_text(struct loading *l, const char *text)
{
    loading_span(l, span_of(text));
}

void loading_folder(struct loading *l, struct raw_file *files, size_t n)
{
    load(l, files, n, true);
}

void loading_end(struct loading *l)
{
    arena_reset(&l->arena);
}

struct raw_file loading_file(const char *name, const char *text)
{
    return (struct raw_file){.name = name, .st = ST_OK, .data = span_of(text)};
}

bool loading_says(const struct loading *l, const char *words)
{
    for (size_t i = 0; i < l->snap.notes.n; i++) {
        if (strstr(l->snap.notes.items[i].message, words) != NULL)
            return true;
    }
    return strstr(l->problem, words) != NULL;
}

size_t loading_count(const struct loading *l, const char *name)
{
    size_t n = 0;
    for (size_t i = 0; i < l->snap.n; i++)
        n += strcmp(l->snap.blobs[i].name, name) == 0;
    return n;
}
