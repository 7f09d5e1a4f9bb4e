/* SPDX-License-Identifier: MIT */
/*
 * Tar archives, unpacked in memory through libarchive; nothing is written anywhere. Two steps: a
 * filter is taken off, and every byte that comes out of it counts; then the members are found in
 * those bytes, where they stay. What comes out of a filter and is no tar is a single file.
 */
#include <stdlib.h>
#include <string.h>

#include "load/load.h"

#if VBSCHECK_HAVE_LIBARCHIVE

/* An archive being read, and what has come out of it. */
struct unpack {
    const struct archive_lib *lib;
    struct archive *ar;
    struct arena *arena;
    struct span tar; /* all that is read comes out of these bytes */
    struct raw_input *out;
    size_t links;
    size_t left_out; /* members of a bundle that are no evidence */
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

static enum status too_large(struct unpack *u)
{
    u->problem = arena_printf(u->arena,
                              "is an archive that unpacks to over %d MiB, more than any machine's "
                              "evidence, and is not used",
                              RAW_UNPACKED_MAX >> 20);
    return ST_TRUNCATED;
}

static enum status no_memory(struct unpack *u)
{
    return fail(u, ST_TRUNCATED, "too much in it for the memory there is");
}

/* Unpacking -------------------------------------------------------------------------------- */

/* How far back a Zstandard frame looks: RFC 8878, section 3.1.1.1. 0 where it does not say. */
static uint64_t zstd_window(struct span data)
{
    enum { SINGLE_SEGMENT = 0x20, EXPONENT_SHIFT = 3, MANTISSA = 7, LEAST_EXPONENT = 10 };
    struct rd r = rd_open(data);
    if (rd_le32(&r) != 0xfd2fb528 || (rd_u8(&r) & SINGLE_SEGMENT) != 0)
        return 0;
    unsigned window = rd_u8(&r);
    uint64_t base = UINT64_C(1) << (LEAST_EXPONENT + (window >> EXPONENT_SHIFT));
    return rd_ok(&r) ? base + base / 8 * (window & MANTISSA) : 0;
}

/* The same of an xz block's last filter, LZMA2: the .xz format 1.2, sections 3.1 and 5.3.1. */
static uint64_t xz_window(struct span data)
{
    enum { HEADER = 12, FILTERS = 3, SIZE = 0x40, OTHER_SIZE = 0x80, MORE = 0x80 };
    enum { LZMA2 = 0x21, LARGEST = 40, LEAST_EXPONENT = 11 };
    struct rd r = rd_open(data);
    rd_skip(&r, HEADER + 1);
    unsigned flags = rd_u8(&r);
    if (!span_starts(data, "\xfd"
                           "7zXZ"))
        return 0;
    for (unsigned bit = SIZE; bit <= OTHER_SIZE; bit <<= 1) {
        while ((flags & bit) != 0 && (rd_u8(&r) & MORE) != 0)
            continue;
    }
    unsigned id = 0, bits = 0;
    for (unsigned i = 0; i <= (flags & FILTERS); i++) {
        id = rd_u8(&r);
        struct rd properties = rd_open(rd_take(&r, rd_u8(&r)));
        bits = rd_u8(&properties);
    }
    if (!rd_ok(&r) || id != LZMA2 || bits > LARGEST)
        return 0;
    return (UINT64_C(2) | (bits & 1)) << (bits / 2 + LEAST_EXPONENT);
}

/* The one place where bytes come out of a filter: heads, padding and skipped members as well. */
static enum status read_unpacked(struct unpack *u)
{
    size_t n = 0, cap = 64 << 10;
    uint8_t *data = arena_alloc(u->arena, cap, 1);
    for (;;) {
        la_ssize_t got = u->lib->archive_read_data(u->ar, data + n, cap - n);
        if (got < 0)
            return fail(u, ST_MALFORMED, "damaged content");
        if (got == 0)
            break;
        n += (size_t)got;
        if (n > RAW_UNPACKED_MAX)
            return too_large(u);
        if (n == cap) {
            cap = cap < RAW_UNPACKED_MAX / 2 ? cap * 2 : RAW_UNPACKED_MAX + 1;
            if (arena_left(u->arena) < cap - n)
                return no_memory(u);
            data = arena_resize(u->arena, data, cap);
        }
    }
    u->tar = (struct span){arena_resize(u->arena, data, n), n};
    return ST_OK;
}

/*
 * Takes off one filter. libarchive would take off any number: between two of them no byte is
 * counted.
 */
static enum status take_off_filter(struct unpack *u, struct span data)
{
    const struct archive_lib *lib = u->lib;
    struct archive_entry *e;
    enum { FILTER_AND_SOURCE = 2 };
    if (zstd_window(data) > RAW_WINDOW_MAX)
        return fail(u, ST_UNSUPPORTED, "a window of over 8 MiB (pack it without --long)");
    if (xz_window(data) > RAW_WINDOW_MAX)
        return fail(u, ST_UNSUPPORTED, "a window of over 8 MiB (pack it with xz -6)");
    if (lib->archive_read_support_format_raw(u->ar) != ARCHIVE_OK ||
        lib->archive_read_support_filter_gzip(u->ar) != ARCHIVE_OK ||
        lib->archive_read_support_filter_zstd(u->ar) != ARCHIVE_OK ||
        lib->archive_read_support_filter_xz(u->ar) != ARCHIVE_OK ||
        lib->archive_read_support_filter_bzip2(u->ar) != ARCHIVE_OK ||
        lib->archive_read_open_memory(u->ar, data.ptr, data.len) != ARCHIVE_OK)
        return fail(u, ST_MALFORMED, "damaged content");
    if (lib->archive_filter_count(u->ar) > FILTER_AND_SOURCE)
        return fail(u, ST_UNSUPPORTED, "another inside: unpack it once");
    int r = lib->archive_read_next_header(u->ar, &e);
    if (r == ARCHIVE_EOF)
        return fail(u, ST_MALFORMED, "no files");
    return r == ARCHIVE_OK ? read_unpacked(u) : fail(u, ST_MALFORMED, "damaged content");
}

/* Members ---------------------------------------------------------------------------------- */

/*
 * The bytes of a member, where they lie in the archive. One with holes would be larger than what
 * it was made of, and no evidence has any.
 */
static enum status read_member(struct unpack *u, const char *name)
{
    struct span data = {u->tar.ptr, 0};
    for (;;) {
        const void *block = NULL;
        size_t n = 0;
        la_int64_t at = 0;
        int r = u->lib->archive_read_data_block(u->ar, &block, &n, &at);
        if (r == ARCHIVE_EOF && (at == 0 || at == (la_int64_t)data.len))
            break;
        if (r != ARCHIVE_OK)
            return fail(u, ST_MALFORMED, "damaged content");
        if (data.len == 0)
            data.ptr = block;
        if (at != (la_int64_t)data.len || (n > 0 && data.ptr + data.len != block))
            return fail(u, ST_UNSUPPORTED, "a member with holes");
        data.len += n;
    }
    u->out->files = arena_grow(u->arena, u->out->files, u->out->n, sizeof *u->out->files);
    u->out->files[u->out->n++] =
        (struct raw_file){.name = arena_text(u->arena, span_of(name)), .st = ST_OK, .data = data};
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
    if (name != NULL && bundle_leaves_out(name)) {
        u->left_out++;
        return ST_OK;
    }
    const char *wrong = name_problem(name);
    if (wrong != NULL)
        return fail(u, ST_MALFORMED, wrong);
    if (u->lib->archive_entry_hardlink(e) != NULL || type == AE_IFLNK) {
        u->links++; /* none is followed; a capture has none: check_links() */
        return ST_OK;
    }
    if (type == AE_IFDIR)
        return ST_OK;
    if (type != AE_IFREG)
        return fail(u, ST_MALFORMED, "a member that is no file");
    if (u->out->n >= RAW_FILES_MAX)
        return fail(u, ST_TRUNCATED, "too many files");
    return read_member(u, name);
}

/* Bundles of other tools hold links, which are left out. A capture that does is not one of ours. */
static enum status check_links(struct unpack *u)
{
    for (size_t i = 0; i < u->out->n && u->links > 0; i++) {
        if (strcmp(load_leaf(u->out->files[i].name), CAPTURE_MANIFEST) == 0)
            return fail(u, ST_MALFORMED, "a link");
    }
    u->out->links = u->links;
    return ST_OK;
}

static enum status read_all(struct unpack *u)
{
    enum { BUNDLE_MAX = 1 << 16 };
    /* Folders count as well: a thousand of them are no reason to go on. A bundle has more. */
    for (size_t entries = 0; entries - u->left_out < RAW_FILES_MAX * 2 && u->left_out < BUNDLE_MAX;
         entries++) {
        struct archive_entry *e;
        int r = u->lib->archive_read_next_header(u->ar, &e);
        if (r == ARCHIVE_EOF)
            return u->out->n > 0 ? check_links(u) : fail(u, ST_MALFORMED, "no files");
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

/* A tar whose first header is damaged is none to libarchive, and would come out as it went in. */
static enum status take_single(struct unpack *u)
{
    u->out->folder = false;
    u->out->files[0] = (struct raw_file){.name = "", .st = ST_OK, .data = u->tar};
    return load_is_archive(u->tar) ? fail(u, ST_MALFORMED, "damaged content") : ST_OK;
}

/* What is no tar is taken as it is. */
static enum status read_tar(struct unpack *u)
{
    if (u->lib->archive_read_support_format_tar(u->ar) != ARCHIVE_OK ||
        u->lib->archive_read_support_format_raw(u->ar) != ARCHIVE_OK ||
        u->lib->archive_read_open_memory(u->ar, u->tar.ptr, u->tar.len) != ARCHIVE_OK)
        return fail(u, ST_MALFORMED, "no tar content (plain, gzip, zstd, xz or bzip2)");
    enum status st = read_all(u);
    bool single = st == ST_OK && u->lib->archive_format(u->ar) == ARCHIVE_FORMAT_RAW;
    return single ? take_single(u) : st;
}

/* One use of libarchive. Formats and filters by name: "all" would let helper programs in. */
static enum status with_reader(struct unpack *u, struct span compressed)
{
    u->ar = u->lib->archive_read_new();
    if (u->ar == NULL)
        return no_memory(u);
    enum status st = compressed.len > 0 ? take_off_filter(u, compressed) : read_tar(u);
    (void)u->lib->archive_read_free(u->ar);
    return st;
}

enum status archive_unpack(struct span data, const struct archive_lib *lib, struct arena *a,
                           struct raw_input *out, const char **problem)
{
    struct unpack u = {.lib = lib, .arena = a, .tar = data, .out = out};
    enum status st = ST_OK;
    if (lib == NULL) {
        *problem = "is an archive, and libarchive, which unpacks it, could not be loaded";
        return ST_UNSUPPORTED;
    }
    if (load_is_compressed(data))
        st = data.len <= RAW_UNPACKED_MAX ? with_reader(&u, data) : too_large(&u);
    if (st == ST_OK)
        st = with_reader(&u, (struct span){0});
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
