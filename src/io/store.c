/* SPDX-License-Identifier: MIT */
#include "io/store.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "io/hold.h"
#include "io/libs.h"
#include "io/store_sink.h"
#include "load/raw.h"
#include "parse/keyval.h"
#include "vbscheck/hex.h"
#include "vbscheck/out.h"

/* Before the name and the bytes of a file. Both ends are this program. */
struct file_head {
    uint32_t name;
    uint32_t size;
};

/* This program makes the names, from names below /sys; they are checked all the same. */
static bool is_good_name(const char *name)
{
    if (name[0] == '\0' || name[0] == '/' || strlen(name) > RAW_NAME_MAX)
        return false;
    for (const char *p = name; *p != '\0'; p++) {
        bool starts = p == name || p[-1] == '/';
        if ((unsigned char)*p < ' ' || *p == 0x7f || (starts && (*p == '/' || *p == '.')))
            return false;
    }
    return name[strlen(name) - 1] != '/' && strcmp(name, CAPTURE_MANIFEST) != 0;
}

static bool has_file(const struct blob *b)
{
    return b->st == ST_OK || b->st == ST_TRUNCATED;
}

static enum status check_names(const struct snapshot *s, struct arena *a, const char **problem)
{
    for (size_t i = 0; i < s->n; i++) {
        const char *name = s->blobs[i].name;
        if (!is_good_name(name)) {
            *problem = "a blob has a name that cannot be written";
            return ST_MALFORMED;
        }
        if (i > 0 && strcmp(name, s->blobs[i - 1].name) == 0) {
            *problem = arena_printf(a, "two blobs are called %s", name);
            return ST_CONFLICT;
        }
    }
    return ST_OK;
}

/* The manifest ----------------------------------------------------------------------------- */

static json_t *text_or_null(const char *text)
{
    json_t *j = text != NULL ? json_string(text) : NULL;
    return j != NULL ? j : json_null();
}

/* A line of the blob `kernel`. */
static json_t *kernel_line(const struct snapshot *s, const char *key)
{
    struct span value;
    json_t *j = NULL;
    if (keyval_get(snap_get(s, "kernel").data, key, &value))
        j = json_stringn((const char *)value.ptr, value.len);
    return j != NULL ? j : json_null();
}

static json_t *sha256(const struct digest_lib *lib, struct span data)
{
    unsigned char digest[DIGEST_LEN];
    char hex[2 * DIGEST_LEN];
    (void)lib->SHA256(data.len > 0 ? data.ptr : digest, data.len, digest);
    for (size_t i = 0; i < DIGEST_LEN; i++)
        (void)hex_put(&hex[2 * i], digest[i], 2);
    return json_stringn(hex, sizeof hex);
}

static json_t *blob_row(const struct blob *b, const struct digest_lib *lib)
{
    json_t *row = json_object();
    (void)json_object_set_new(row, "name", json_string(b->name));
    (void)json_object_set_new(row, "status", json_string(status_name(b->st)));
    (void)json_object_set_new(row, "size", json_integer((json_int_t)b->data.len));
    (void)json_object_set_new(row, "sha256", has_file(b) ? sha256(lib, b->data) : json_null());
    (void)json_object_set_new(row, "from", text_or_null(b->from));
    return row;
}

static json_t *labels(const struct labels *l)
{
    json_t *j = json_object();
    for (size_t i = 0; i < l->n; i++)
        (void)json_object_set_new(j, l->items[i].key, json_string(l->items[i].value));
    return j;
}

static json_t *manifest(const struct snapshot *s, const struct digest_lib *lib)
{
    json_t *tool = json_object();
    (void)json_object_set_new(tool, "name", json_string("vbscheck"));
    (void)json_object_set_new(tool, "version", json_string(VBSCHECK_VERSION));
    json_t *blobs = json_array();
    for (size_t i = 0; i < s->n; i++)
        (void)json_array_append_new(blobs, blob_row(&s->blobs[i], lib));
    json_t *m = json_object();
    (void)json_object_set_new(m, "format", json_integer(CAPTURE_FORMAT));
    (void)json_object_set_new(m, "tool", tool);
    /* A gap in loose evidence proves less; that stays so in a capture of it. */
    if (s->kind == SOURCE_EVIDENCE)
        (void)json_object_set_new(m, "source", json_string(source_kind_name(s->kind)));
    (void)json_object_set_new(m, "collected_at", text_or_null(s->collected_at));
    (void)json_object_set_new(m, "kernel", kernel_line(s, "release"));
    (void)json_object_set_new(m, "arch", kernel_line(s, "arch"));
    if (s->labels.n > 0)
        (void)json_object_set_new(m, "labels", labels(&s->labels));
    (void)json_object_set_new(m, "blobs", blobs);
    return m;
}

static enum status manifest_text(const struct snapshot *s, struct arena *a, struct span *out,
                                 const char **problem)
{
    const struct digest_lib *lib = libs_digest(problem);
    if (lib == NULL)
        return ST_NO_DRIVER;
    json_t *m = manifest(s, lib);
    char *text = json_dumps(m, JSON_INDENT(1));
    json_decref(m);
    if (text == NULL) {
        *problem = "out of memory while writing the manifest";
        return ST_IO_ERROR;
    }
    *out = span_of(arena_printf(a, "%s\n", text));
    free(text);
    return ST_OK;
}

/* Packing ---------------------------------------------------------------------------------- */

static void put_file(struct out *o, const char *name, struct span data)
{
    const struct file_head h = {(uint32_t)strlen(name), (uint32_t)data.len};
    out_bytes(o, (const char *)&h, sizeof h);
    out_bytes(o, name, h.name);
    out_bytes(o, (const char *)data.ptr, data.len);
}

enum status store_pack(const struct snapshot *s, struct arena *a, struct span *out,
                       const char **problem)
{
    struct span manifest_json;
    struct out o;
    enum status st = check_names(s, a, problem);
    if (st == ST_OK)
        st = manifest_text(s, a, &manifest_json, problem);
    if (st != ST_OK)
        return st;
    out_init(&o, a);
    put_file(&o, CAPTURE_MANIFEST, manifest_json);
    for (size_t i = 0; i < s->n; i++) {
        if (has_file(&s->blobs[i]))
            put_file(&o, s->blobs[i].name, s->blobs[i].data);
    }
    *out = out_span(&o);
    return ST_OK;
}

/* Writing ---------------------------------------------------------------------------------- */

/* Splits the next file off. Returns false if the rest does not begin with a file. */
static bool next_file(struct span *block, struct arena *a, const char **name, struct span *data)
{
    struct file_head h;
    if (block->len < sizeof h)
        return false;
    memcpy(&h, block->ptr, sizeof h);
    struct span rest = span_skip(*block, sizeof h);
    if (h.name > RAW_NAME_MAX || h.name > rest.len || h.size > rest.len - h.name)
        return false;
    const char *text = arena_text(a, (struct span){rest.ptr, h.name});
    if (strlen(text) != h.name)
        return false;
    *name = text;
    *data = (struct span){rest.ptr + h.name, h.size};
    *block = span_skip(rest, h.name + (size_t)h.size);
    return true;
}

/* True if the block holds the manifest, then valid names in their order, each once. */
static bool is_sound(struct span block, struct arena *a)
{
    const char *name = "", *before = "";
    struct span data;
    if (!next_file(&block, a, &name, &data) || strcmp(name, CAPTURE_MANIFEST) != 0)
        return false;
    while (block.len > 0) {
        if (!next_file(&block, a, &name, &data) || !is_good_name(name) || strcmp(before, name) >= 0)
            return false;
        before = name;
    }
    return true;
}

enum status store_write(const char *path, struct span block, time_t at, struct arena *a,
                        const char **problem)
{
    struct store_sink sink;
    struct span data;
    const char *name = "";
    if (!is_sound(block, a)) {
        *problem = "the collected data contains a name that cannot be written";
        return ST_MALFORMED;
    }
    sigset_t before;
    hold_signals(&before);
    enum status st = sink_open(path, at, a, &sink, problem);
    if (st == ST_OK) {
        while (st == ST_OK && next_file(&block, a, &name, &data))
            st = sink_file(&sink, name, data, problem);
        if (st == ST_OK)
            st = sink_commit(&sink, problem);
        if (st != ST_OK)
            sink_abandon(&sink);
    }
    release_signals(&before);
    return st;
}
