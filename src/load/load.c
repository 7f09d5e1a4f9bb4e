/* SPDX-License-Identifier: MIT */
/* From raw bytes to a snapshot: where a replay enters the flow. */
#include "load/load.h"
#include "load/log.h"

#include <string.h>

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

static enum status load_files(const struct raw_input *in, bool unpacked, const struct libs *libs,
                              struct arena *a, struct snapshot *out, const char **problem)
{
    const char *prefix = manifest_prefix(in, unpacked, a);
    snap_init(out, a, prefix != NULL ? SOURCE_CAPTURE : SOURCE_EVIDENCE, in->path);
    enum status st = prefix != NULL ? capture_load(in, prefix, libs->digest, out, problem)
                                    : evidence_load(in, libs, out, problem);
    if (st == ST_OK && prefix != NULL)
        log_split(out);
    if (st == ST_OK)
        snap_sort(out);
    return st;
}

/* A tar archive of many files, or one text that was compressed. */
static enum status load_archive(const struct raw_input *in, const struct libs *libs,
                                struct arena *a, struct snapshot *out, const char **problem)
{
    struct raw_input unpacked = {.path = in->path, .folder = true};
    enum status st = archive_unpack(in->files[0].data, libs->archive, a, &unpacked, problem);
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
