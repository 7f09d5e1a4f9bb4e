/* SPDX-License-Identifier: MIT */
/*
 * Driver packs: zip, cab, 7z, tar, and single files that are compressed. A pack is walked twice:
 * files that belong to drivers (catalogs, INF files) may follow them in it.
 */
#include "load/beside_name.h"
#include "load/driver_pack.h"

#if VBSCHECK_HAVE_LIBARCHIVE

#include <string.h>

#include "parse/driver_list.h"

struct unpacking {
    struct pack *pack;
    const struct archive_lib *lib;
    struct archive *ar;
    const char *path; /* of the archive */
    unsigned depth;
    struct beside beside; /* its catalogs and INF files */
    struct arena beside_arena;
    const char *problem;
};

/* The member at hand. */
struct member {
    const char *path;
    int64_t size; /* as declared, which is a hint */
    size_t max;   /* bytes over which it is not read */
    struct arena *arena;
    uint8_t *data;
    size_t n, room;
};

/* Reads on until `upto` bytes are there or the member ends, which returns false. */
static bool read_more(struct unpacking *u, struct member *m, size_t upto)
{
    if (upto > m->room) {
        m->data = arena_resize(m->arena, m->data, upto);
        m->room = upto;
    }
    while (m->n < upto) {
        la_ssize_t got = u->lib->archive_read_data(u->ar, m->data + m->n, upto - m->n);
        if (got < 0)
            u->problem = "a member's content is damaged, encrypted or of an unknown method";
        if (got <= 0)
            return false;
        m->n += (size_t)got;
        u->pack->unpacked += (uint64_t)got;
        if (u->pack->unpacked > PACK_TOTAL_MAX) {
            u->problem = "it is too large for a driver pack";
            return false;
        }
    }
    return true;
}

/* Returns false if it is longer than m->max, or cannot be read (u->problem). */
static bool read_whole(struct unpacking *u, struct member *m)
{
    enum { STEP = 1 << 20 };
    bool known = m->size > 0 && (uint64_t)m->size < m->max;
    size_t upto = known ? (size_t)m->size + 1 : STEP;
    while (read_more(u, m, upto)) {
        if (m->n > m->max)
            return false;
        upto = upto <= STEP && upto < m->max ? upto + STEP : m->max + 1;
    }
    return u->problem == NULL;
}

static void gather_member(struct unpacking *u, struct member *m)
{
    struct beside *b = &u->beside;
    if (!beside_is(m->path))
        return;
    m->max = PACK_BESIDE_MAX - b->bytes;
    m->arena = &u->beside_arena;
    uint64_t most = m->size > 0 ? (uint64_t)m->size : m->max;
    bool fits = pack_has_room_beside(b, m->arena, most) && read_whole(u, m);
    if (m->n > 0)
        m->data = arena_resize(m->arena, m->data, m->n);
    fits = fits && pack_add_beside(b, m->arena, m->path, beside_is_catalog(m->path),
                                   (struct span){m->data, m->n});
    if (!fits && u->problem == NULL)
        names_add(&u->pack->left[PACK_BESIDE], m->path);
}

static void look_nested(struct unpacking *u, struct member *m)
{
    m->max = PACK_NESTED_MAX;
    if (u->depth == PACK_DEPTH_MAX || !read_whole(u, m)) {
        if (u->problem == NULL)
            names_add(&u->pack->left[PACK_NESTED], m->path);
        return;
    }
    pack_archive(u->pack, m->path, (struct span){m->data, m->n}, u->depth + 1);
}

/* Only the start is unpacked of a member that starts as neither image nor archive. */
static void look_member(struct unpacking *u, struct member *m)
{
    (void)read_more(u, m, PACK_KIND_BYTES);
    enum pack_kind kind = pack_kind_of((struct span){m->data, m->n});
    m->max = u->depth > 0 ? PACK_NESTED_MEMBER_MAX : PACK_MEMBER_MAX;
    if (u->problem != NULL)
        return;
    if (kind == PACK_KIND_ARCHIVE) {
        look_nested(u, m);
        return;
    }
    if (kind == PACK_KIND_FOREIGN)
        names_add(&u->pack->left[PACK_FOREIGN], m->path);
    if (kind == PACK_KIND_IMAGE && !read_whole(u, m) && u->problem == NULL)
        u->problem = "a member is too large for a driver";
    if (u->problem == NULL)
        pack_image(u->pack, m->path, false, (struct span){m->data, m->n}, m->arena);
}

/* A single compressed file has no name. */
static const char *member_path(struct unpacking *u, struct archive_entry *e)
{
    const char *name = u->lib->archive_entry_pathname_utf8(e);
    if (name == NULL)
        name = u->lib->archive_entry_pathname(e);
    if (u->lib->archive_format(u->ar) == ARCHIVE_FORMAT_RAW)
        name = "content";
    return arena_printf(u->pack->arena, "%s/%s", u->path, name != NULL ? name : "a member");
}

typedef void member_fn(struct unpacking *u, struct member *m);

static void take_member(struct unpacking *u, struct archive_entry *e, member_fn *each)
{
    struct arena one;
    if (u->lib->archive_entry_filetype(e) != AE_IFREG)
        return;
    struct member m = {.path = member_path(u, e), .arena = &one};
    m.size = u->lib->archive_entry_size(e);
    pack_begin_one(u->pack, &one);
    each(u, &m);
    arena_reset(&one);
}

static bool open_archive(struct unpacking *u, struct span data)
{
    const struct archive_lib *l = u->lib;
    u->ar = l->archive_read_new();
    return u->ar != NULL && l->archive_read_support_format_zip(u->ar) == ARCHIVE_OK &&
           l->archive_read_support_format_cab(u->ar) == ARCHIVE_OK &&
           l->archive_read_support_format_7zip(u->ar) == ARCHIVE_OK &&
           l->archive_read_support_format_tar(u->ar) == ARCHIVE_OK &&
           l->archive_read_support_format_raw(u->ar) == ARCHIVE_OK &&
           l->archive_read_support_filter_gzip(u->ar) == ARCHIVE_OK &&
           l->archive_read_support_filter_bzip2(u->ar) == ARCHIVE_OK &&
           l->archive_read_support_filter_xz(u->ar) == ARCHIVE_OK &&
           l->archive_read_support_filter_zstd(u->ar) == ARCHIVE_OK &&
           l->archive_read_open_memory(u->ar, data.ptr, data.len) == ARCHIVE_OK;
}

static void walk_members(struct unpacking *u, member_fn *each)
{
    for (size_t n = 0; u->problem == NULL; n++) {
        struct archive_entry *e;
        int r = u->lib->archive_read_next_header(u->ar, &e);
        if (r == ARCHIVE_EOF)
            return;
        if (r != ARCHIVE_OK && r != ARCHIVE_WARN)
            u->problem = "its list of members is damaged";
        else if (n == PACK_MEMBERS_MAX)
            u->problem = "it has too many members for a driver pack";
        else
            take_member(u, e, each);
    }
}

static void walk(struct unpacking *u, struct span data, member_fn *each)
{
    if (open_archive(u, data))
        walk_members(u, each);
    else
        u->problem = "it cannot be opened";
    if (u->ar != NULL)
        (void)u->lib->archive_read_free(u->ar);
}

void pack_archive(struct pack *p, const char *path, struct span data, unsigned depth)
{
    struct unpacking u = {.pack = p, .lib = p->options.archive, .path = path, .depth = depth};
    const struct beside *outer = p->options.image.beside;
    if (u.lib == NULL) {
        names_add(&p->left[PACK_NO_LIBRARY], path);
        return;
    }
    u.beside.outer = outer;
    arena_init(&u.beside_arena, PACK_BESIDE_ARENA_MAX, p->arena->oom);
    walk(&u, data, gather_member);
    u.problem = NULL; /* the second walk meets it again, in its place among the members */
    p->options.image.beside = &u.beside;
    walk(&u, data, look_member);
    p->options.image.beside = outer;
    arena_reset(&u.beside_arena);
    if (u.problem == NULL)
        return;
    struct driver bad = {
        .path = path,
        .group = DRIVER_GIVEN,
        .result = DRIVER_MALFORMED,
        .fault = arena_printf(p->arena, "an archive of which %s", u.problem),
    };
    driver_list_write(p->out, &bad);
}

#else

/* C does not allow an empty file. */
enum { NO_LIBARCHIVE = 1 };

#endif
