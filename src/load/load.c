/* SPDX-License-Identifier: MIT */
/* From raw bytes to a snapshot: the start of a replay. */
#include "load/load.h"
#include "load/log.h"

#include <string.h>

#include "vbscheck/count.h"

const char *load_leaf(const char *path)
{
    const char *leaf = path;
    for (const char *slash; (slash = strchr(leaf, '/')) != NULL;)
        leaf = slash + 1;
    return leaf;
}

/*
 * The folder of the shallowest manifest of an archive ("" or "name/"), or NULL where there is
 * none. A folder is a capture only if the manifest lies right in it.
 */
static const char *manifest_prefix(const struct raw_input *in, bool unpacked, struct arena *a)
{
    static const char leaf[] = CAPTURE_MANIFEST;
    const char *best = NULL;
    size_t best_len = SIZE_MAX;
    for (size_t i = 0; i < in->n; i++) {
        size_t n = strlen(in->files[i].name);
        if (n < sizeof leaf - 1)
            continue;
        size_t at = n - (sizeof leaf - 1);
        bool whole = at == 0 || (unpacked && in->files[i].name[at - 1] == '/');
        if (whole && at < best_len && strcmp(in->files[i].name + at, leaf) == 0) {
            best = in->files[i].name;
            best_len = at;
        }
    }
    return best == NULL ? NULL : arena_text(a, (struct span){(const uint8_t *)best, best_len});
}

static size_t depth_of(const char *name, size_t len)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++)
        n += name[i] == '/';
    return n;
}

/*
 * Two captures side by side in one archive, or a file of a capture that is in it twice: which of
 * them counts must not depend on their order. The files are sorted by name.
 */
static const char *contradiction(const struct raw_input *in, const char *prefix, struct arena *a)
{
    size_t depth = depth_of(prefix, strlen(prefix));
    for (size_t i = 0; i < in->n; i++) {
        const char *name = in->files[i].name, *leaf = load_leaf(name);
        size_t above = (size_t)(leaf - name);
        bool own = strncmp(name, prefix, above) == 0 && prefix[above] == '\0';
        if (!own && strcmp(leaf, CAPTURE_MANIFEST) == 0 && depth_of(name, above) == depth)
            return arena_printf(a, "holds several captures (%s and %.*s): give each of them alone",
                                prefix, (int)above, name);
        if (i > 0 && strcmp(in->files[i - 1].name, name) == 0 &&
            !span_equal(in->files[i - 1].data, in->files[i].data))
            return arena_printf(a, "holds two files named %s that differ: pack it anew", name);
    }
    return NULL;
}

static enum status load_files(const struct raw_input *in, bool unpacked, const struct libs *libs,
                              struct arena *a, struct snapshot *out, const char **problem)
{
    const char *prefix = manifest_prefix(in, unpacked, a);
    const char *wrong = prefix != NULL && unpacked ? contradiction(in, prefix, a) : NULL;
    if (wrong != NULL) {
        *problem = wrong;
        return ST_CONFLICT;
    }
    snap_init(out, a, prefix != NULL ? SOURCE_CAPTURE : SOURCE_EVIDENCE, in->path);
    enum status st = prefix != NULL ? capture_load(in, prefix, libs->digest, out, problem)
                                    : evidence_load(in, libs, out, problem);
    if (st != ST_OK)
        return st;
    if (prefix != NULL)
        log_split(out);
    if (in->left_out > 0)
        notes_add(&out->notes, in->path,
                  "files of the bundle that are not evidence by their paths, left out: %zu",
                  in->left_out);
    snap_sort(out);
    return ST_OK;
}

/* The digest or signature of an archive, as download pages put them beside it. */
static bool is_beside_archive(const char *name)
{
    static const char *const endings[] = {".md5", ".sha1", ".sha256", ".sha512", ".asc", ".sig"};
    size_t len = strlen(name);
    for (size_t i = 0; i < COUNT(endings); i++) {
        size_t n = strlen(endings[i]);
        if (len > n && strcmp(name + len - n, endings[i]) == 0)
            return true;
    }
    return false;
}

/* The one archive that an archive wraps; NULL if it holds anything else. */
static const struct raw_file *wrapped(const struct raw_input *in)
{
    const struct raw_file *found = NULL;
    for (size_t i = 0; i < in->n; i++) {
        if (is_beside_archive(in->files[i].name))
            continue;
        if (found != NULL || !load_is_archive(in->files[i].data))
            return NULL;
        found = &in->files[i];
    }
    return found;
}

/*
 * An archive of files, or one text that was compressed; or either of them wrapped in one archive.
 */
static enum status load_archive(const struct raw_input *in, const struct libs *libs,
                                struct arena *a, struct snapshot *out, const char **problem)
{
    struct raw_input unpacked = {.path = in->path, .folder = true}, inner = unpacked;
    enum status st =
        archive_unpack(in->files[0].data, in->stream, libs->archive, a, &unpacked, problem);
    const struct raw_file *one = st == ST_OK && unpacked.folder ? wrapped(&unpacked) : NULL;
    if (one != NULL) {
        st = archive_unpack(one->data, NULL, libs->archive, a, &inner, problem);
        unpacked = inner;
    }
    if (st == ST_OK)
        st = load_files(&unpacked, unpacked.folder, libs, a, out, problem);
    if (st == ST_OK && unpacked.links > 0)
        notes_add(&out->notes, in->path, "links in the archive, left out: %zu", unpacked.links);
    return st;
}

enum status load_input(const struct raw_input *in, const struct libs *libs, struct arena *a,
                       struct snapshot *out, const char **problem)
{
    if (!in->folder && in->n == 1 && in->files[0].st != ST_OK) {
        *problem = arena_printf(a, "%s", status_meaning(in->files[0].st));
        return in->files[0].st;
    }
    if (!in->folder && in->n == 1 && in->files[0].data.len == 0) {
        *problem = "is empty";
        return ST_NOT_COLLECTED;
    }
    if (!in->folder && in->n == 1 && load_is_archive(in->files[0].data))
        return load_archive(in, libs, a, out, problem);
    return load_files(in, false, libs, a, out, problem);
}
