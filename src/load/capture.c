/* SPDX-License-Identifier: MIT */
/* Captures: docs/vbscheck-snapshot.5. A capture is hostile input like any other. */
#include <jansson.h>
#include <string.h>

#include "load/load.h"
#include "load/redact.h"
#include "vbscheck/hex.h"

struct capture {
    const struct raw_input *in;
    const char *prefix; /* folder of the manifest inside the input: "" or "name/" */
    const struct digest_lib *digest;
    struct snapshot *out;
};

/* Like strcmp() of `name` with the prefix followed by `rest`. */
static int compare_name(const char *name, const char *prefix, const char *rest)
{
    size_t n = strlen(prefix);
    int order = strncmp(name, prefix, n);
    return order != 0 ? order : strcmp(name + n, rest);
}

/* Files are sorted by name; the first of several with one name counts. */
static const struct raw_file *find(const struct capture *c, const char *name)
{
    size_t low = 0, high = c->in->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_name(c->in->files[middle].name, c->prefix, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    const struct raw_file *f = &c->in->files[low];
    return low < c->in->n && compare_name(f->name, c->prefix, name) == 0 ? f : NULL;
}

static bool digest_fits(const struct digest_lib *lib, struct span data, const char *hex)
{
    unsigned char md[DIGEST_LEN];
    char text[2 * DIGEST_LEN];
    if (strlen(hex) != sizeof md * 2 ||
        lib->SHA256(data.len > 0 ? data.ptr : md, data.len, md) == NULL)
        return false;
    for (size_t i = 0; i < sizeof md; i++)
        (void)hex_put(&text[2 * i], md[i], 2);
    return memcmp(text, hex, sizeof text) == 0;
}

/* Reads a blob's bytes, checked against the manifest. Returns NULL, or what is wrong. */
static const char *take_data(const struct capture *c, const json_t *entry, struct blob *b)
{
    const json_t *size = json_object_get(entry, "size");
    const char *sha = json_string_value(json_object_get(entry, "sha256"));
    const struct raw_file *f = find(c, b->name);
    if (f == NULL)
        return "its file is missing from the capture";
    if (f->st != ST_OK)
        return "its file could not be read";
    if (!json_is_integer(size) || (uint64_t)json_integer_value(size) != f->data.len)
        return "the size of its file differs from the manifest";
    if (sha == NULL || !digest_fits(c->digest, f->data, sha))
        return "the digest of its file differs from the manifest";
    b->data = f->data;
    b->sha256 = arena_text(c->out->arena, span_of(sha));
    return NULL;
}

/*
 * Two rows with one name contradict each other: the blob becomes malformed. The blobs are sorted.
 */
static void spoil_duplicates(struct snapshot *out)
{
    size_t n = 0;
    for (size_t i = 0; i < out->n; i++) {
        if (n > 0 && strcmp(out->blobs[n - 1].name, out->blobs[i].name) == 0) {
            notes_add(&out->notes, out->blobs[i].name, "the manifest names it twice");
            out->blobs[n - 1].st = ST_MALFORMED;
        } else {
            out->blobs[n++] = out->blobs[i];
        }
    }
    out->n = n;
}

static void add_blob(const struct capture *c, const json_t *entry)
{
    struct arena *a = c->out->arena;
    const char *name = json_string_value(json_object_get(entry, "name"));
    const char *status = json_string_value(json_object_get(entry, "status"));
    const char *from = json_string_value(json_object_get(entry, "from"));
    struct blob b = {0};
    if (name == NULL || status == NULL || strlen(name) > RAW_NAME_MAX) {
        notes_add(&c->out->notes, CAPTURE_MANIFEST, "an entry without a usable name or status");
        return;
    }
    b.name = arena_text(a, span_of(name));
    b.from = from != NULL ? arena_text(a, span_of(from)) : NULL;
    if (!status_from_name(status, &b.st)) {
        notes_add(&c->out->notes, b.name, "its status in the capture is invalid");
        b.st = ST_MALFORMED;
    }
    if (b.st == ST_OK || b.st == ST_TRUNCATED) {
        const char *wrong = take_data(c, entry, &b);
        if (wrong != NULL) {
            notes_add(&c->out->notes, b.name, "%s", wrong);
            b.st = ST_MALFORMED;
        }
    }
    snap_add(c->out, b);
}

/* RFC 3339 in UTC, to the second: "2026-11-22T04:00:00Z". */
static bool is_time(const char *text)
{
    static const char form[] = "dddd-dd-ddTdd:dd:ddZ";
    if (strlen(text) != sizeof form - 1)
        return false;
    for (size_t i = 0; form[i] != '\0'; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';
        if (form[i] == 'd' ? !digit : text[i] != form[i])
            return false;
    }
    return true;
}

/* Another program may have written the manifest: a label that this one refuses is left out. */
static void load_labels(const struct capture *c, json_t *labels)
{
    const char *key;
    json_t *value;
    json_object_foreach(labels, key, value)
    {
        const char *text = json_string_value(value);
        struct span name = span_of(key), words = span_of(text != NULL ? text : "");
        const char *wrong = label_problem(name, words);
        if (wrong != NULL)
            notes_add(&c->out->notes, CAPTURE_MANIFEST, "a label was left out: %s", wrong);
        else if (labels_set(&c->out->labels, name, words) != ST_OK)
            notes_add(&c->out->notes, CAPTURE_MANIFEST, "labels over %d were left out", LABELS_MAX);
    }
}

static enum status load_manifest(const struct capture *c, json_t *m, const char **problem)
{
    const json_t *format = json_object_get(m, "format");
    const json_t *blobs = json_object_get(m, "blobs");
    const char *time = json_string_value(json_object_get(m, "collected_at"));
    size_t n = json_array_size(blobs);
    if (!json_is_integer(format) || !json_is_array(blobs) || n > RAW_FILES_MAX) {
        *problem = "has a " CAPTURE_MANIFEST " that is not one of a capture";
        return ST_MALFORMED;
    }
    if (json_integer_value(format) != CAPTURE_FORMAT) {
        *problem = "is a capture whose format is not 1: use the vbscheck that wrote it, or a "
                   "newer one";
        return ST_UNSUPPORTED;
    }
    const char *source = json_string_value(json_object_get(m, "source"));
    if (source != NULL && strcmp(source, source_kind_name(SOURCE_EVIDENCE)) == 0)
        c->out->kind = SOURCE_EVIDENCE;
    if (time != NULL && is_time(time))
        c->out->collected_at = arena_text(c->out->arena, span_of(time));
    load_labels(c, json_object_get(m, "labels"));
    for (size_t i = 0; i < n; i++)
        add_blob(c, json_array_get(blobs, i));
    snap_sort(c->out);
    spoil_duplicates(c->out);
    redact_unnumber(c->out);
    return ST_OK;
}

/*
 * More values than the rows of any capture have. jansson takes some 300 bytes for a value of two,
 * and its memory is not the arena's, so they are counted before it sees them: all begin after a
 * bracket or a comma, and one inside a string only makes the count too high.
 */
static bool has_too_much(struct span json)
{
    enum { ROW = 8, OTHERS = 4096, VALUES_MAX = RAW_FILES_MAX * ROW + OTHERS };
    size_t n = 0;
    for (size_t i = 0; i < json.len; i++)
        n += json.ptr[i] == ',' || json.ptr[i] == '[' || json.ptr[i] == '{';
    return json.len > RAW_MANIFEST_MAX || n > VALUES_MAX;
}

enum status capture_load(const struct raw_input *in, const char *prefix,
                         const struct digest_lib *digest, struct snapshot *out,
                         const char **problem)
{
    struct capture c = {.in = in, .prefix = prefix, .digest = digest, .out = out};
    const struct raw_file *manifest = find(&c, CAPTURE_MANIFEST);
    json_error_t error;
    if (digest == NULL) {
        *problem = "is a capture, but libcrypto, which checks its digests, could not be loaded";
        return ST_UNSUPPORTED;
    }
    if (manifest == NULL || manifest->st != ST_OK) {
        *problem = "has a " CAPTURE_MANIFEST " that cannot be read";
        return ST_MALFORMED;
    }
    if (has_too_much(manifest->data)) {
        *problem = "has a manifest.json that is too large for a capture";
        return ST_TRUNCATED;
    }
    json_t *m = json_loadb((const char *)manifest->data.ptr, manifest->data.len,
                           JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object(m)) {
        json_decref(m);
        *problem = "has a " CAPTURE_MANIFEST " that is not a JSON object";
        return ST_MALFORMED;
    }
    enum status st = load_manifest(&c, m, problem);
    json_decref(m);
    return st;
}
