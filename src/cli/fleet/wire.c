/* SPDX-License-Identifier: MIT */
/*
 * A head, a row a file, then all texts (of the path and of each name, with their NUL), then the
 * bytes of the files one after another. Both ends are this program, and the one that writes is the
 * one with rights.
 */
#include "cli/fleet/wire.h"

#include <string.h>

struct head {
    size_t more, n, texts, data; /* bytes, rows, bytes, bytes */
    size_t links, left_out;
    uint64_t stream; /* its size */
    bool folder, has_stream;
};

struct row {
    size_t name, data; /* bytes, with the NUL of the name */
    enum status st;
};

static char *put_text(char *at, const char *text, size_t n)
{
    memcpy(at, text, n);
    return at + n;
}

/* Head, rows and texts. */
static struct span index_of(const struct raw_input *in, size_t more, struct arena *a)
{
    size_t path = strlen(in->path) + 1;
    struct row *rows = arena_new(a, struct row, in->n);
    struct head h = {.more = more,
                     .n = in->n,
                     .texts = path,
                     .links = in->links,
                     .left_out = in->left_out,
                     .folder = in->folder,
                     .has_stream = in->stream != NULL,
                     .stream = in->stream != NULL ? in->stream->size : 0};
    for (size_t i = 0; i < in->n; i++) {
        const struct raw_file *f = &in->files[i];
        rows[i] = (struct row){strlen(f->name) + 1, f->data.len, f->st};
        h.texts += rows[i].name;
        h.data += rows[i].data;
    }
    size_t size = sizeof h + in->n * sizeof *rows + h.texts;
    char *all = arena_alloc(a, size, 1), *at = all;
    at = put_text(at, (const char *)&h, sizeof h);
    at = put_text(at, (const char *)rows, in->n * sizeof *rows);
    at = put_text(at, in->path, path);
    for (size_t i = 0; i < in->n; i++)
        at = put_text(at, in->files[i].name, rows[i].name);
    return (struct span){(const uint8_t *)all, size};
}

void wire_send(const struct raw_input *in, struct span more, struct arena *a, struct prepared *p)
{
    struct span index = index_of(in, more.len, a);
    prepared_send(p, index.ptr, index.len);
    prepared_send(p, more.ptr, more.len);
    for (size_t i = 0; i < in->n; i++)
        prepared_send(p, in->files[i].data.ptr, in->files[i].data.len);
}

static void put_files(struct raw_input *in, const struct row *rows, const char *text,
                      const uint8_t *data)
{
    for (size_t i = 0; i < in->n; i++) {
        in->files[i] = (struct raw_file){text, rows[i].st, {data, rows[i].data}};
        text += rows[i].name;
        data += rows[i].data;
    }
}

bool wire_take(struct arena *a, struct raw_input *out, struct span *more)
{
    struct head h;
    if (!confine_take(&h, sizeof h))
        return false;
    struct row *rows = arena_new(a, struct row, h.n);
    char *texts = arena_alloc(a, h.texts, 1);
    uint8_t *data = arena_alloc(a, h.data, 1), *extra = arena_alloc(a, h.more, 1);
    *out = (struct raw_input){.path = texts,
                              .folder = h.folder,
                              .files = arena_new(a, struct raw_file, h.n),
                              .n = h.n,
                              .links = h.links,
                              .left_out = h.left_out};
    if (!confine_take(rows, h.n * sizeof *rows) || !confine_take(texts, h.texts) ||
        !confine_take(extra, h.more) || !confine_take(data, h.data))
        return false;
    *more = (struct span){extra, h.more};
    put_files(out, rows, texts + strlen(texts) + 1, data);
    if (h.has_stream) {
        out->stream = arena_new(a, struct raw_stream, 1);
        out->stream->size = h.stream;
    }
    return true;
}
