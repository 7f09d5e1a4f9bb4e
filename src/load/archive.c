/* SPDX-License-Identifier: MIT */
/*
 * Tar and zip archives, unpacked in memory through libarchive; nothing is written anywhere. Every
 * byte that comes out of a filter counts. From a bundle of another tool only members that may be
 * evidence are kept; the others are skipped, and take time but no memory. Filter output that is not
 * an archive is a single file.
 */
#include <stdlib.h>
#include <string.h>

#include "load/load.h"
#include "load/window.h"

#if VBSCHECK_HAVE_LIBARCHIVE

/* An archive being read, and the output so far. */
struct unpack {
    const struct archive_lib *lib;
    struct archive *ar;
    struct arena *arena;
    struct span source;
    const struct raw_stream *stream; /* NULL: the source is whole */
    uint64_t at;                     /* in the stream */
    struct arena piece;              /* of it */
    struct raw_input *out;
    size_t links;
    size_t left_out; /* members of a bundle that are not evidence */
    size_t kept;     /* bytes of the members that are used */
    uint64_t skipped;
    bool bundle; /* only wanted members of a bundle are used */
    const char *problem;
};

static enum status fail(struct unpack *u, enum status why, const char *what)
{
    u->problem = arena_printf(u->arena, "is an archive with %s and is not used", what);
    return why;
}

static enum status over(struct unpack *u, uint64_t bytes)
{
    u->problem = arena_printf(u->arena,
                              "is an archive that unpacks to over %u MiB, more than any machine's "
                              "evidence, and is not used",
                              (unsigned)(bytes >> 20));
    return ST_TRUNCATED;
}

/*
 * Limit for the output of a filter, members that are left out included: unpacking so many zeros
 * takes little time, and evidence never compresses as well as zeros.
 */
static uint64_t most_of(const struct unpack *u)
{
    enum { TIGHTEST = 32 };
    uint64_t size = u->stream != NULL ? u->stream->size : u->source.len;
    uint64_t most = RAW_UNPACKED_MAX + size * TIGHTEST;
    return most < RAW_STREAM_MAX ? most : RAW_STREAM_MAX;
}

static enum status no_memory(struct unpack *u)
{
    return fail(u, ST_TRUNCATED, "too much content for the memory available");
}

/* Members ---------------------------------------------------------------------------------- */

/* Does a block lie in the archive itself, as in a tar that is not compressed? */
static bool is_inside(struct span source, const uint8_t *block, size_t n)
{
    uintptr_t start = (uintptr_t)source.ptr, at = (uintptr_t)block;
    return at >= start && n <= source.len && at - start <= source.len - n;
}

/* More of a member: where it lies, or a copy. */
static enum status add_block(struct unpack *u, const uint8_t *block, size_t n, struct span *data)
{
    if (n > RAW_UNPACKED_MAX - u->kept)
        return over(u, RAW_UNPACKED_MAX);
    u->kept += n;
    if (is_inside(u->source, block, n) && (data->len == 0 || data->ptr + data->len == block)) {
        data->ptr = data->len == 0 ? block : data->ptr;
        data->len += n;
        return ST_OK;
    }
    if (data->len > 0 && is_inside(u->source, data->ptr, data->len))
        return fail(u, ST_UNSUPPORTED, "a member in pieces");
    if (arena_left(u->arena) < data->len + n)
        return no_memory(u);
    uint8_t *copy = arena_resize(u->arena, data->len > 0 ? data->ptr : NULL, data->len + n);
    memcpy(copy + data->len, block, n);
    *data = (struct span){copy, data->len + n};
    return ST_OK;
}

/*
 * The bytes of a member. A member with holes would be larger than its data, and evidence has no
 * holes.
 */
static enum status read_member(struct unpack *u, struct span *out)
{
    struct span data = {u->source.ptr, 0};
    for (;;) {
        const void *block = NULL;
        size_t n = 0;
        la_int64_t at = 0;
        int r = u->lib->archive_read_data_block(u->ar, &block, &n, &at);
        if (r == ARCHIVE_EOF && (at == 0 || at == (la_int64_t)data.len))
            break;
        if (r != ARCHIVE_OK)
            return fail(u, ST_MALFORMED, "damaged content");
        if (at != (la_int64_t)data.len)
            return fail(u, ST_UNSUPPORTED, "a member with holes");
        enum status st = n > 0 ? add_block(u, block, n, &data) : ST_OK;
        if (st != ST_OK)
            return st;
    }
    *out = data;
    return ST_OK;
}

static enum status keep_member(struct unpack *u, const char *name)
{
    struct raw_file f = {.name = arena_text(u->arena, span_of(name)), .st = ST_OK};
    if (u->out->n >= RAW_FILES_MAX)
        return fail(u, ST_TRUNCATED, "too many files");
    enum status st = read_member(u, &f.data);
    if (st != ST_OK)
        return st;
    u->out->files = arena_grow(u->arena, u->out->files, u->out->n, sizeof *u->out->files);
    u->out->files[u->out->n++] = f;
    return ST_OK;
}

/* Skips a member in one call of libarchive, so its size is counted beforehand. */
static enum status leave_out(struct unpack *u, struct archive_entry *e)
{
    la_int64_t size = u->lib->archive_entry_size(e);
    uint64_t most = most_of(u);
    u->left_out++;
    if (size < 0 || (uint64_t)size > most - u->skipped)
        return over(u, most);
    u->skipped += (uint64_t)size;
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
    if (name != NULL && type != AE_IFDIR && bundle_leaves_out(name, u->bundle))
        return leave_out(u, e);
    if (u->bundle && type == AE_IFDIR)
        return ST_OK;
    const char *wrong = bundle_name_problem(name);
    if (wrong != NULL)
        return fail(u, ST_MALFORMED, wrong);
    if (u->lib->archive_entry_hardlink(e) != NULL || type == AE_IFLNK) {
        u->links++; /* links are not followed; a capture has none: check_links() */
        return ST_OK;
    }
    if (type == AE_IFDIR)
        return ST_OK;
    if (type != AE_IFREG)
        return fail(u, ST_MALFORMED, "a member that is not a file");
    return keep_member(u, name);
}

/* Bundles of other tools hold links, which are left out. Captures of this program hold none. */
static enum status check_links(struct unpack *u)
{
    for (size_t i = 0; i < u->out->n && u->links > 0; i++) {
        if (strcmp(load_leaf(u->out->files[i].name), CAPTURE_MANIFEST) == 0)
            return fail(u, ST_MALFORMED, "a link");
    }
    u->out->links = u->links;
    u->out->left_out = u->left_out;
    return ST_OK;
}

static enum status nothing_kept(struct unpack *u)
{
    if (u->skipped > RAW_UNPACKED_MAX)
        return over(u, RAW_UNPACKED_MAX);
    return fail(u, ST_MALFORMED, u->left_out > 0 ? "no evidence in it" : "no files");
}

/* ST_ABSENT: the next member is there. Unpacking its head counts, padding included. */
static enum status next_entry(struct unpack *u, struct archive_entry **e)
{
    uint64_t most = most_of(u);
    int r = u->lib->archive_read_next_header(u->ar, e);
    if (r == ARCHIVE_EOF)
        return ST_OK;
    /* A warning is about a name that is not ASCII; the name is checked below. */
    if (r != ARCHIVE_OK && r != ARCHIVE_WARN)
        return fail(u, ST_MALFORMED, "damaged content");
    la_int64_t bytes = u->lib->archive_filter_bytes(u->ar, 0);
    return bytes >= 0 && (uint64_t)bytes > most ? over(u, most) : ST_ABSENT;
}

static enum status read_all(struct unpack *u)
{
    enum { BUNDLE_MAX = 1 << 18 };
    /* Folders count as well: an archive of folders alone must not run on. A bundle has more. */
    size_t most = u->bundle ? BUNDLE_MAX : RAW_FILES_MAX * 2;
    for (size_t entries = 0; entries < most + u->left_out && u->left_out < BUNDLE_MAX; entries++) {
        struct archive_entry *e;
        enum status st = next_entry(u, &e);
        if (st == ST_OK)
            return u->out->n > 0 ? check_links(u) : nothing_kept(u);
        if (st == ST_ABSENT)
            st = take_entry(u, e);
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

/*
 * libarchive does not recognise a tar whose first header is damaged, and would return it unchanged.
 */
static enum status take_single(struct unpack *u)
{
    struct span data = u->out->files[0].data;
    u->out->folder = false;
    u->out->files[0] = (struct raw_file){.name = "", .st = ST_OK, .data = data};
    if (load_is_compressed(u->source) && load_is_archive(data) && !load_is_tar(data))
        return fail(u, ST_UNSUPPORTED, "another archive inside: unpack it once");
    return load_is_archive(data) ? fail(u, ST_MALFORMED, "damaged content") : ST_OK;
}

/* Opening ---------------------------------------------------------------------------------- */

/* Formats and filters by name: "all" would allow helper programs. */
static bool open_formats(const struct unpack *u)
{
    const struct archive_lib *lib = u->lib;
    bool filters = load_is_compressed(u->source);
    return lib->archive_read_support_format_tar(u->ar) == ARCHIVE_OK &&
           lib->archive_read_support_format_raw(u->ar) == ARCHIVE_OK &&
           (filters || lib->archive_read_support_format_zip(u->ar) == ARCHIVE_OK) &&
           (!filters || (lib->archive_read_support_filter_gzip(u->ar) == ARCHIVE_OK &&
                         lib->archive_read_support_filter_zstd(u->ar) == ARCHIVE_OK &&
                         lib->archive_read_support_filter_xz(u->ar) == ARCHIVE_OK &&
                         lib->archive_read_support_filter_bzip2(u->ar) == ARCHIVE_OK));
}

static la_ssize_t read_piece(struct archive *ar, void *context, const void **piece)
{
    struct unpack *u = context;
    (void)ar;
    arena_reset(&u->piece);
    struct span s = u->stream->read(u->at, &u->piece);
    u->at += s.len;
    *piece = s.ptr;
    return (la_ssize_t)s.len;
}

static la_int64_t skip_pieces(struct archive *ar, void *context, la_int64_t n)
{
    struct unpack *u = context;
    (void)ar;
    uint64_t left = u->stream->size > u->at ? u->stream->size - u->at : 0;
    uint64_t skipped = n > 0 && (uint64_t)n < left ? (uint64_t)n : 0;
    u->at += skipped;
    return (la_int64_t)skipped;
}

static bool open_bytes(struct unpack *u)
{
    u->at = 0;
    if (u->stream == NULL)
        return u->lib->archive_read_open_memory(u->ar, u->source.ptr, u->source.len) == ARCHIVE_OK;
    return u->lib->archive_read_open2(u->ar, u, NULL, read_piece, skip_pieces, NULL) == ARCHIVE_OK;
}

/* At most one filter: libarchive would remove any number, and bytes between two are not counted. */
static enum status open_source(struct unpack *u)
{
    enum { FILTER_AND_SOURCE = 2 };
    if (window_of_zstd(u->source) > RAW_WINDOW_MAX)
        return fail(u, ST_UNSUPPORTED, "a window of over 8 MiB (pack it without --long)");
    if (window_of_xz(u->source) > RAW_WINDOW_MAX)
        return fail(u, ST_UNSUPPORTED, "a window of over 8 MiB (pack it with xz -6)");
    if (!open_formats(u) || !open_bytes(u))
        return fail(u, ST_MALFORMED, "no tar content (plain, gzip, zstd, xz or bzip2)");
    if (u->lib->archive_filter_count(u->ar) > FILTER_AND_SOURCE)
        return fail(u, ST_UNSUPPORTED, "another archive inside: unpack it once");
    return ST_OK;
}

/* Is it a bundle, by the paths of its members? Stops at the limit for kept bytes. */
static enum status survey(struct unpack *u)
{
    struct archive_entry *e;
    uint64_t size = 0;
    for (size_t n = 0; !u->bundle; n++) {
        enum status st = next_entry(u, &e);
        if (st != ST_ABSENT || u->lib->archive_format(u->ar) == ARCHIVE_FORMAT_RAW)
            return st == ST_ABSENT ? ST_OK : st;
        const char *name = u->lib->archive_entry_pathname(e);
        la_int64_t bytes = u->lib->archive_entry_size(e);
        size += bytes > 0 ? (uint64_t)bytes : 0;
        u->bundle =
            (name != NULL && bundle_is_told(name)) || size > RAW_UNPACKED_MAX || n >= RAW_FILES_MAX;
    }
    return ST_OK;
}

/* One use of libarchive. Data that is not an archive is kept as it is. */
static enum status with_reader(struct unpack *u, enum status (*use)(struct unpack *u))
{
    u->ar = u->lib->archive_read_new();
    if (u->ar == NULL)
        return no_memory(u);
    enum status st = open_source(u);
    if (st == ST_OK)
        st = use(u);
    bool single = st == ST_OK && u->lib->archive_format(u->ar) == ARCHIVE_FORMAT_RAW;
    if (single && u->out->n > 0)
        st = take_single(u);
    (void)u->lib->archive_read_free(u->ar);
    return st;
}

/* A small input is not a bundle and is read once. */
static enum status unpack(struct unpack *u)
{
    enum { SMALL = 64 << 10 };
    enum status st = ST_OK;
    if (u->stream != NULL || u->source.len > SMALL)
        st = with_reader(u, survey);
    return st == ST_OK ? with_reader(u, read_all) : st;
}

enum status archive_unpack(struct span data, const struct raw_stream *stream,
                           const struct archive_lib *lib, struct arena *a, struct raw_input *out,
                           const char **problem)
{
    struct unpack u = {.lib = lib, .arena = a, .source = data, .stream = stream, .out = out};
    if (lib == NULL) {
        *problem = "is an archive, but libarchive, which unpacks it, could not be loaded";
        return ST_UNSUPPORTED;
    }
    arena_init(&u.piece, RAW_PIECE * 4, a->oom);
    enum status st = unpack(&u);
    arena_reset(&u.piece);
    if (st != ST_OK)
        *problem = u.problem;
    else
        qsort(out->files, out->n, sizeof *out->files, by_name);
    return st;
}

#else

enum status archive_unpack(struct span data, const struct raw_stream *stream,
                           const struct archive_lib *lib, struct arena *a, struct raw_input *out,
                           const char **problem)
{
    (void)data;
    (void)stream;
    (void)lib;
    (void)a;
    (void)out;
    *problem = "is an archive, but this build leaves out libarchive, which unpacks it";
    return ST_UNSUPPORTED;
}

#endif
