/* SPDX-License-Identifier: MIT */
/*
 * Confined. Members are handed over as they come; only the one at hand is in memory. A folder's
 * files stand together in a tar, so a folder with a manifest ends where a member is not below it.
 */
#include "cli/inputs/outer.h"

#include <string.h>

#include "load/load.h"
#include "vbscheck/out.h"

#if VBSCHECK_HAVE_LIBARCHIVE

/* Bytes that may come out for each that goes in: evidence never compresses as well as zeros. */
enum { TIGHTEST = 64, SLACK = 64 << 20 };

struct outer {
    const struct archive_lib *lib;
    struct archive *ar;
    struct arena *arena;
    struct arena piece;            /* the archive's bytes at hand */
    uint64_t in, out;              /* bytes of the archive, and bytes that came out of it */
    char folder[RAW_NAME_MAX + 1]; /* with a manifest; "": none at the moment */
    bool many;
};

static void say(struct outer *u, enum member_ask ask, struct span what)
{
    struct arena once;
    struct out o;
    const struct member_head h = {(uint32_t)ask};
    arena_init(&once, 1 << 20, confine_oom);
    out_init(&o, &once);
    out_bytes(&o, (const char *)&h, sizeof h);
    out_bytes(&o, (const char *)what.ptr, what.len);
    (void)confine_ask(out_span(&o), &once);
    arena_reset(&once);
    u->many |= ask == MEMBER_FILE || ask == MEMBER_FOLDER;
}

static la_ssize_t read_piece(struct archive *ar, void *context, const void **bytes)
{
    struct outer *u = context;
    const struct member_head h = {MEMBER_PIECE};
    (void)ar;
    arena_reset(&u->piece);
    struct span s = confine_ask((struct span){(const uint8_t *)&h, sizeof h}, &u->piece);
    *bytes = s.ptr;
    u->in += s.len;
    return (la_ssize_t)s.len;
}

static bool open_archive(struct outer *u)
{
    const struct archive_lib *l = u->lib;
    u->ar = l->archive_read_new();
    return u->ar != NULL && l->archive_read_support_format_tar(u->ar) == ARCHIVE_OK &&
           l->archive_read_support_filter_gzip(u->ar) == ARCHIVE_OK &&
           l->archive_read_support_filter_zstd(u->ar) == ARCHIVE_OK &&
           l->archive_read_support_filter_xz(u->ar) == ARCHIVE_OK &&
           l->archive_read_support_filter_bzip2(u->ar) == ARCHIVE_OK &&
           l->archive_read_open2(u->ar, u, NULL, read_piece, NULL, NULL) == ARCHIVE_OK;
}

/* True if `name` is in the folder that is being handed over. */
static bool is_below(const struct outer *u, const char *name)
{
    size_t n = strlen(u->folder);
    return n > 0 && strncmp(name, u->folder, n) == 0 && name[n] == '/';
}

static void end_folder(struct outer *u)
{
    if (u->folder[0] != '\0')
        say(u, MEMBER_FOLDER, span_of(u->folder));
    u->folder[0] = '\0';
}

/* The name of a tar archive: "host.tar.gz", "host.tgz". */
static bool is_archive_name(const char *name)
{
    static const char *const endings[] = {".tgz", ".txz", ".tbz", ".tbz2", ".tzst", ".zip"};
    size_t n = strlen(name);
    if (strstr(load_leaf(name), ".tar") != NULL)
        return true;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t m = strlen(endings[i]);
        if (n > m && strcmp(name + n - m, endings[i]) == 0)
            return true;
    }
    return false;
}

/* Hands a member over; returns libarchive's status. *archive: it is an input by itself. */
static int hand_over(struct outer *u, const char *name, bool *archive)
{
    const void *block;
    size_t n;
    la_int64_t at;
    int how;
    bool first = true;
    say(u, MEMBER_BEGIN, span_of(name));
    while ((how = u->lib->archive_read_data_block(u->ar, &block, &n, &at)) == ARCHIVE_OK) {
        const struct span s = {block, n};
        if (first)
            *archive = is_archive_name(name) && load_is_archive(s);
        first = false;
        u->out += n;
        if (u->out > SLACK + u->in * TIGHTEST)
            return ARCHIVE_FATAL;
        for (size_t i = 0; i < n; i += RAW_PIECE)
            say(u, MEMBER_MORE, (struct span){s.ptr + i, n - i < RAW_PIECE ? n - i : RAW_PIECE});
    }
    return how;
}

/* A capture or a bundle by itself, and not an archive of captures. */
static bool is_one(const struct outer *u, const char *name)
{
    return !u->many && (strcmp(name, CAPTURE_MANIFEST) == 0 || bundle_is_told(name));
}

/* Sees a member's name before its bytes. Returns false if the archive is one input. */
static bool enter(struct outer *u, const char *name)
{
    const char *leaf = load_leaf(name);
    if (is_one(u, name))
        return false;
    if (!is_below(u, name))
        end_folder(u);
    if (strcmp(leaf, CAPTURE_MANIFEST) == 0 && leaf > name && u->folder[0] == '\0') {
        memcpy(u->folder, name, (size_t)(leaf - name) - 1);
        u->folder[leaf - name - 1] = '\0';
    }
    return true;
}

/* "./host/manifest.json" is named "host/manifest.json". NULL: not a file that can be used. */
static const char *usable_name(const struct outer *u, struct archive_entry *e)
{
    const char *name = u->lib->archive_entry_pathname_utf8(e);
    if (name == NULL)
        name = u->lib->archive_entry_pathname(e);
    if (name == NULL || u->lib->archive_entry_filetype(e) != AE_IFREG ||
        u->lib->archive_entry_hardlink(e) != NULL)
        return NULL;
    while (strncmp(name, "./", 2) == 0)
        name += 2;
    return strlen(name) <= RAW_NAME_MAX && bundle_name_problem(name) == NULL ? name : NULL;
}

/* Returns NULL at the end, or what is wrong. *one: the archive is one input. */
static const char *unpack_all(struct outer *u, bool *one)
{
    struct archive_entry *e;
    int how;
    while ((how = u->lib->archive_read_next_header(u->ar, &e)) == ARCHIVE_OK ||
           how == ARCHIVE_WARN) {
        const char *name = usable_name(u, e);
        bool archive = false;
        if (name == NULL)
            continue;
        name = arena_text(u->arena, span_of(name));
        *one = !enter(u, name);
        if (*one)
            return NULL;
        int end = hand_over(u, name, &archive);
        if (end != ARCHIVE_EOF)
            return u->out > SLACK + u->in * TIGHTEST
                       ? "unpacks to far more than any evidence: the rest is not used"
                       : "is damaged or cut here: the rest is not used";
        if (archive)
            say(u, MEMBER_FILE, (struct span){0});
        arena_reset(u->arena);
    }
    if (u->many)
        end_folder(u);
    return how == ARCHIVE_EOF ? NULL : "is damaged or cut here: the rest is not used";
}

void outer_unpack(void *context, struct arena *a, struct judged *result)
{
    struct outer u = {.lib = context};
    struct arena name;
    bool one = false;
    const char *problem = NULL;
    (void)a;
    arena_init(&name, 1 << 20, confine_oom);
    arena_init(&u.piece, 4 << 20, confine_oom);
    u.arena = &name;
    if (open_archive(&u))
        problem = unpack_all(&u, &one);
    result->exit_status = 0;
    result->document = span_of(u.many && !one ? OUTER_MANY : OUTER_ONE);
    if (problem != NULL)
        result->message = span_of(problem);
}

#else

void outer_unpack(void *context, struct arena *a, struct judged *result)
{
    (void)context;
    (void)a;
    result->document = span_of(OUTER_ONE);
}

#endif
