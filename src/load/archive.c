/* SPDX-License-Identifier: MIT */
/* Tar archives, unpacked in memory through libarchive; nothing is written anywhere. */
#include <stdlib.h>
#include <string.h>

#include "load/load.h"

#if VBSCHECK_HAVE_LIBARCHIVE

/* An archive being read, and what has come out of it. */
struct unpack {
    const struct archive_lib *lib;
    struct archive *ar;
    struct arena *arena;
    struct raw_input *out;
    size_t total;
    const char *problem;
};

/* Why a member's name cannot be used; NULL if it can. */
static const char *name_problem(const char *name)
{
    unsigned depth = 0;
    if (name == NULL || name[0] == '\0')
        return "a member without a name";
    if (strlen(name) > RAW_NAME_MAX)
        return "a name that is too long";
    if (name[0] == '/')
        return "an absolute path";
    for (const char *part = name; part != NULL; part = strchr(part, '/')) {
        part += *part == '/';
        size_t n = strcspn(part, "/");
        if (n == 2 && strncmp(part, "..", 2) == 0)
            return "a path that leaves it";
        depth += n > 0;
    }
    return depth > RAW_DEPTH_MAX ? "folders nested too deep" : NULL;
}

static enum status fail(struct unpack *u, enum status why, const char *what)
{
    u->problem = arena_printf(u->arena, "is an archive with %s and is not used", what);
    return why;
}

/* Declared sizes are a hint and not believed: bytes are counted as they come. */
static enum status read_member(struct unpack *u, const char *name, int64_t declared)
{
    static const size_t step = 256 << 10;
    size_t n = 0, cap = declared >= 0 && declared < 16 << 10 ? (size_t)declared + 1 : 16 << 10;
    uint8_t *data = arena_alloc(u->arena, cap, 1);
    for (;;) {
        if (n == cap) {
            uint8_t *bigger = arena_alloc(u->arena, cap * 2, 1);
            memcpy(bigger, data, n);
            data = bigger;
            cap *= 2;
        }
        size_t room = cap - n < step ? cap - n : step;
        la_ssize_t got = u->lib->archive_read_data(u->ar, data + n, room);
        if (got < 0)
            return fail(u, ST_MALFORMED, "damaged content");
        if (got == 0)
            break;
        n += (size_t)got;
        u->total += (size_t)got;
        if (n > RAW_UNPACKED_FILE_MAX || u->total > RAW_UNPACKED_TOTAL_MAX)
            return fail(u, ST_TRUNCATED, "more content than any machine's evidence has");
    }
    u->out->files = arena_grow(u->arena, u->out->files, u->out->n, sizeof *u->out->files);
    u->out->files[u->out->n++] = (struct raw_file){
        .name = arena_text(u->arena, span_of(name)), .st = ST_OK, .data = {data, n}};
    return ST_OK;
}

static enum status take_entry(struct unpack *u, struct archive_entry *e)
{
    const char *name = u->lib->archive_entry_pathname(e);
    if (name != NULL && strncmp(name, "./", 2) == 0)
        name += 2;
    unsigned type = u->lib->archive_entry_filetype(e);
    if (type == AE_IFDIR && (name == NULL || name[0] == '\0'))
        return ST_OK; /* "./" */
    const char *wrong = name_problem(name);
    if (wrong != NULL)
        return fail(u, ST_MALFORMED, wrong);
    if (u->lib->archive_entry_hardlink(e) != NULL || type == AE_IFLNK)
        return fail(u, ST_MALFORMED, "a link");
    if (type == AE_IFDIR)
        return ST_OK;
    if (type != AE_IFREG)
        return fail(u, ST_MALFORMED, "a member that is no file");
    if (u->out->n >= RAW_FILES_MAX)
        return fail(u, ST_TRUNCATED, "too many files");
    return read_member(u, name, u->lib->archive_entry_size(e));
}

static enum status read_all(struct unpack *u)
{
    /* Folders count as well: a thousand of them are no reason to go on. */
    for (unsigned entries = 0; entries < RAW_FILES_MAX * 2; entries++) {
        struct archive_entry *e;
        int r = u->lib->archive_read_next_header(u->ar, &e);
        if (r == ARCHIVE_EOF)
            return u->out->n > 0 ? ST_OK : fail(u, ST_MALFORMED, "no files");
        /* A warning is about a name that is not ASCII; what comes of it is checked below. */
        if (r != ARCHIVE_OK && r != ARCHIVE_WARN)
            return fail(u, ST_MALFORMED, "damaged content");
        enum status st = take_entry(u, e);
        if (st != ST_OK)
            return st;
    }
    return fail(u, ST_TRUNCATED, "too many members");
}

static int by_name(const void *a, const void *b)
{
    const struct raw_file *l = a, *r = b;
    return strcmp(l->name, r->name);
}

enum status archive_unpack(struct span data, const struct archive_lib *lib, struct arena *a,
                           struct raw_input *out, const char **problem)
{
    struct unpack u = {.lib = lib, .arena = a, .out = out};
    if (lib == NULL) {
        *problem = "is an archive, and libarchive, which unpacks it, could not be loaded";
        return ST_UNSUPPORTED;
    }
    u.ar = lib->archive_read_new();
    enum status st = ST_MALFORMED;
    /* Formats by name: "all" would let helper programs in. */
    if (u.ar == NULL || lib->archive_read_support_format_tar(u.ar) != ARCHIVE_OK ||
        lib->archive_read_support_filter_gzip(u.ar) != ARCHIVE_OK ||
        lib->archive_read_support_filter_zstd(u.ar) != ARCHIVE_OK ||
        lib->archive_read_open_memory(u.ar, data.ptr, data.len) != ARCHIVE_OK)
        (void)fail(&u, ST_MALFORMED, "no tar content (plain, gzip or zstd)");
    else
        st = read_all(&u);
    if (u.ar != NULL)
        (void)lib->archive_read_free(u.ar);
    if (st != ST_OK)
        *problem = u.problem;
    else
        qsort(out->files, out->n, sizeof *out->files, by_name);
    return st;
}

#else

enum status archive_unpack(struct span data, const struct archive_lib *lib, struct arena *a,
                           struct raw_input *out, const char **problem)
{
    (void)data;
    (void)lib;
    (void)a;
    (void)out;
    *problem = "is an archive, and this build leaves libarchive out, which unpacks it";
    return ST_UNSUPPORTED;
}

#endif
