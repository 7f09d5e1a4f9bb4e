/* SPDX-License-Identifier: MIT */
/* The folders of an image, and the files in them. */
#include <string.h>

#include "parse/pe/utf16.h"
#include "volume/wim_parts.h"

enum {
    ATTRIBUTE_REPARSE = 0x400,
    ATTRIBUTE_ENCRYPTED = 0x4000,
    STREAMS_MAX = 64,
};
static const uint32_t tag_wof = 0x80000017;

struct walk {
    struct wim *wim;
    const struct volume_wish *wish;
    const struct volume_taker *taker;
    struct arena *arena;
    size_t names;
    bool more;
    uint8_t *piece;
};

static uint64_t align(uint64_t n)
{
    return (n + 7) & ~(uint64_t)7;
}

/* An entry's streams follow it; the digest of the stream without a name is the file's. */
static enum status pass_streams(struct wim *w, const struct wim_dentry *d, uint64_t *at,
                                uint8_t hash[WIM_HASH])
{
    static const uint8_t none[WIM_HASH];
    if (d->streams > STREAMS_MAX)
        return ST_MALFORMED;
    for (unsigned i = 0; i < d->streams; i++) {
        uint8_t s[WIM_STREAM];
        enum status st = wim_read(w, &w->folders, *at, s, sizeof s);
        struct rd r = rd_open((struct span){s, sizeof s});
        uint64_t length = rd_le64(&r);
        if (st != ST_OK || length < WIM_STREAM || length > UINT16_MAX * 2)
            return st != ST_OK ? st : ST_MALFORMED;
        if (s[36] == 0 && s[37] == 0 && memcmp(hash, none, WIM_HASH) == 0)
            memcpy(hash, s + 16, WIM_HASH);
        *at += align(length);
    }
    return ST_OK;
}

enum status wim_take(struct wim *w, uint64_t *at, struct arena *a, struct wim_item *out)
{
    uint8_t bytes[WIM_DENTRY], name[UINT16_MAX];
    struct wim_dentry d;
    uint64_t length = 0;
    enum status st = wim_read(w, &w->folders, *at, bytes, sizeof length);
    for (size_t i = 0; i < sizeof length; i++)
        length |= (uint64_t)bytes[i] << 8 * i;
    if (st != ST_OK || length <= sizeof length)
        return st != ST_OK ? st : ST_ABSENT;
    st = wim_read(w, &w->folders, *at, bytes, sizeof bytes);
    if (st == ST_OK && !wim_dentry_parse((struct span){bytes, sizeof bytes}, &d))
        return ST_MALFORMED;
    if (st == ST_OK)
        st = wim_read(w, &w->folders, *at + WIM_DENTRY, name, d.name);
    if (st != ST_OK || d.length > UINT16_MAX * 4)
        return st != ST_OK ? st : ST_MALFORMED;
    *out = (struct wim_item){
        utf16_text((struct span){name, d.name}, a), d.attributes, d.tag, d.folder, {0}};
    memcpy(out->hash, d.hash.ptr, WIM_HASH);
    *at += align(d.length);
    return pass_streams(w, &d, at, out->hash);
}

/* Files ---------------------------------------------------------------------------------------- */

static void hand(struct walk *w, const char *path, enum volume_found found)
{
    const struct volume_taker *t = w->taker;
    w->more = w->more && t->begin(t->context, path, 0) && t->end(t->context, found);
}

static enum volume_found hand_bytes(struct walk *w, const struct wim_resource *r, uint64_t size)
{
    const struct volume_taker *t = w->taker;
    for (uint64_t at = 0; at < size && w->more;) {
        size_t n = size - at < VOLUME_PIECE ? (size_t)(size - at) : VOLUME_PIECE;
        if (wim_read(w->wim, r, at, w->piece, n) != ST_OK)
            return FOUND_UNREADABLE;
        w->more = t->piece(t->context, (struct span){w->piece, n});
        at += n;
    }
    return FOUND_WHOLE;
}

static void hand_file(struct walk *w, const char *path, const struct wim_item *e)
{
    static const uint8_t empty[WIM_HASH];
    const struct volume_taker *t = w->taker;
    struct wim_resource r = {0};
    bool none = memcmp(e->hash, empty, WIM_HASH) == 0;
    if ((e->attributes & ATTRIBUTE_ENCRYPTED) != 0)
        hand(w, path, FOUND_ENCRYPTED);
    else if ((e->attributes & ATTRIBUTE_REPARSE) != 0)
        hand(w, path, e->tag == tag_wof ? FOUND_COMPRESSED : FOUND_UNREADABLE);
    else if (!none && !wim_find(w->wim, (struct span){e->hash, WIM_HASH}, &r))
        hand(w, path, FOUND_UNREADABLE);
    else if (r.size > w->wish->cap && w->wish->cap > 0 && !w->wish->head)
        hand(w, path, FOUND_TOO_LARGE);
    else {
        uint64_t size = r.size < w->wish->cap ? r.size : w->wish->cap;
        w->more = w->more && t->begin(t->context, path, size);
        enum volume_found found = hand_bytes(w, &r, size);
        w->more = w->more && t->end(t->context, found);
    }
}

/* Folders -------------------------------------------------------------------------------------- */

static void hand_folder(struct walk *w, const char *path, uint64_t at, unsigned depth)
{
    enum status st = ST_OK;
    while (st == ST_OK && w->more && at != 0) {
        struct wim_item e;
        st = w->names++ < VOLUME_ENTRIES_MAX ? wim_take(w->wim, &at, w->arena, &e) : ST_TRUNCATED;
        if (st != ST_OK)
            break;
        const char *here = arena_printf(w->arena, "%s/%s", path, e.name);
        bool folder = (e.attributes & WIM_FOLDER) != 0;
        if (span_of(here).len > VOLUME_PATH_MAX)
            continue;
        if (folder && depth > 0 && (e.attributes & ATTRIBUTE_REPARSE) == 0)
            hand_folder(w, here, e.folder, depth - 1);
        else if (!folder && span_ends_like(span_of(e.name), w->wish->ends))
            hand_file(w, here, &e);
    }
    if (st != ST_OK && st != ST_ABSENT)
        hand(w, path, st == ST_TRUNCATED ? FOUND_TOO_LARGE : FOUND_UNREADABLE);
}

/* Finds the entry of a path. Returns ST_OK, ST_ABSENT, or why folders cannot be read. */
static enum status find(struct wim *w, const char *path, struct arena *a, struct wim_item *out)
{
    uint64_t at = w->root;
    enum status st = wim_take(w, &at, a, out); /* the root itself */
    while (st == ST_OK && *path != '\0') {
        size_t n = strcspn(path, "/");
        struct span part = {(const uint8_t *)path, n};
        uint64_t folder = (out->attributes & WIM_FOLDER) != 0 ? out->folder : 0;
        st = folder != 0 ? wim_look_up(w, folder, part, a, out) : ST_ABSENT;
        path += path[n] == '/' ? n + 1 : n;
    }
    return st;
}

bool wim_grant(struct wim *w, const struct volume_wish *wish, const struct volume_taker *t,
               struct arena *a)
{
    struct arena once;
    struct wim_item e;
    arena_init(&once, arena_left(a), a->oom);
    struct walk k = {.wim = w, .wish = wish, .taker = t, .arena = &once, .more = true};
    k.piece = arena_alloc(&once, VOLUME_PIECE, 1);
    unsigned depth = wish->depth < VOLUME_DEPTH_MAX ? wish->depth : VOLUME_DEPTH_MAX;
    enum status st = find(w, wish->path, &once, &e);
    if (st != ST_OK)
        hand(&k, wish->path, st == ST_ABSENT ? FOUND_ABSENT : FOUND_UNREADABLE);
    else if (wish->ends == NULL)
        hand_file(&k, wish->path, &e);
    else
        hand_folder(&k, wish->path, e.folder, depth);
    arena_reset(&once);
    return k.more;
}

bool wim_has(struct wim *w, const char *path)
{
    struct arena once;
    struct wim_item e;
    arena_init(&once, arena_left(w->arena), w->arena->oom);
    bool has = find(w, path, &once, &e) == ST_OK;
    arena_reset(&once);
    return has;
}
