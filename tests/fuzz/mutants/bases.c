/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz/mutants/mutants.h"

enum { FILE_MOST = 1 << 20 };

static bool read_file(struct arena *a, const char *path, struct span *out)
{
    FILE *f = fopen(path, "rb");
    uint8_t *bytes = arena_alloc(a, FILE_MOST, 1);
    if (f == NULL)
        return false;
    size_t n = fread(bytes, 1, FILE_MOST, f);
    (void)fclose(f);
    *out = (struct span){arena_resize(a, bytes, n > 0 ? n : 1), n};
    return true;
}

static void add_file(struct base *b, const char *name, struct span data)
{
    if (b->n == MUTANT_FILES - 1)
        return;
    b->files[b->n++] = (struct raw_file){.name = name, .st = ST_OK, .data = data};
}

/* Every file below `path`/`below`. */
static bool read_folder(struct base *b, struct arena *a, const char *path, const char *below)
{
    DIR *d = opendir(arena_printf(a, "%s/%s", path, below));
    if (d == NULL)
        return false;
    bool good = true;
    for (struct dirent *e = readdir(d); e != NULL; e = readdir(d)) {
        if (e->d_name[0] == '.')
            continue;
        const char *name = arena_printf(a, "%s%s%s", below, below[0] != '\0' ? "/" : "", e->d_name);
        const char *full = arena_printf(a, "%s/%s", path, name);
        struct stat st;
        struct span data;
        if (stat(full, &st) != 0)
            good = false;
        else if (S_ISDIR(st.st_mode))
            good &= read_folder(b, a, path, name);
        else if (S_ISREG(st.st_mode) && read_file(a, full, &data))
            add_file(b, name, data);
    }
    (void)closedir(d);
    return good;
}

/* Takes the manifest out of the files; blobs that were not read become files "NAME=STATUS". */
static bool take_manifest(struct base *b, struct arena *a)
{
    size_t at = 0;
    while (at < b->n && strcmp(b->files[at].name, CAPTURE_MANIFEST) != 0)
        at++;
    if (at == b->n)
        return false;
    json_t *m = json_loadb((const char *)b->files[at].data.ptr, b->files[at].data.len, 0, NULL);
    b->files[at] = b->files[--b->n];
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(m, "blobs"), i, row)
    {
        const char *name = json_string_value(json_object_get(row, "name"));
        const char *status = json_string_value(json_object_get(row, "status"));
        if (name != NULL && status != NULL && strcmp(status, "ok") != 0)
            add_file(b, arena_printf(a, "%s=%s", name, status), (struct span){0});
    }
    json_decref(m);
    return true;
}

/* Makes a base of the blobs that loose files gave. */
static void take_blobs(void *context, const struct report *r, struct arena *a)
{
    struct bases *all = context;
    struct base *b = &all->items[all->n];
    (void)a;
    for (size_t i = 0; i < r->snap->n; i++) {
        const struct blob *blob = &r->snap->blobs[i];
        bool read = blob->st == ST_OK || blob->st == ST_TRUNCATED;
        char *data = arena_text(&all->arena, blob->data);
        const char *name =
            read ? arena_text(&all->arena, span_of(blob->name))
                 : arena_printf(&all->arena, "%s=%s", blob->name, status_name(blob->st));
        bool twice = b->n > 0 && strcmp(b->files[b->n - 1].name, name) == 0;
        if (!twice)
            add_file(b, name, (struct span){(const uint8_t *)data, read ? blob->data.len : 0});
    }
}

static struct base *begin(struct bases *all, const char *name, bool capture)
{
    all->items = arena_grow(&all->arena, all->items, all->n, sizeof *all->items);
    struct base *b = &all->items[all->n];
    *b = (struct base){.name = name, .capture = capture};
    b->files = arena_new(&all->arena, struct raw_file, MUTANT_FILES);
    return b;
}

/* Judges the base as it is; one that is not understood is left out. */
static void keep(struct bases *all)
{
    struct base *b = &all->items[all->n];
    whole_sort(b->files, b->n);
    mutants_judge(b->files, b->n, b->capture, &b->truth);
    if (b->truth.st == ST_OK && b->n > 0)
        all->n++;
    else
        (void)fprintf(stderr, "mutants: %s: cannot be a base: %s\n", b->name,
                      status_name(b->truth.st));
}

bool bases_add(struct bases *all, const char *path)
{
    struct arena *a = &all->arena;
    struct stat st;
    if (stat(path, &st) != 0)
        return false;
    if (S_ISREG(st.st_mode)) {
        all->tables = arena_grow(a, all->tables, all->n_tables, sizeof *all->tables);
        struct raw_file *t = &all->tables[all->n_tables++];
        *t = (struct raw_file){.name = path, .st = ST_OK};
        return read_file(a, path, &t->data) && t->data.len >= 36;
    }
    struct base *b = begin(all, path, false);
    if (!read_folder(b, a, path, ""))
        return false;
    b->capture = take_manifest(b, a);
    bool loose = !b->capture;
    const struct base from = *b;
    keep(all);
    if (loose) {
        (void)begin(all, arena_printf(a, "%s as a capture", path), true);
        const struct mutants_use use = {take_blobs, all};
        (void)mutants_report(from.files, from.n, false, &use);
        keep(all);
    }
    return true;
}
