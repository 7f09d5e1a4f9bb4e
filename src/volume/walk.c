/* SPDX-License-Identifier: MIT */
/* Files of a volume, by their paths and by their folders. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "io/ntfs_lib.h"
#include "vbscheck/out.h"
#include "vbscheck/utf8.h"
#include "volume/volume.h"

#if VBSCHECK_HAVE_LIBNTFS_3G

struct walk {
    struct volume *volume;
    const struct volume_wish *wish;
    const struct volume_taker *taker;
    struct arena *arena;
    size_t names; /* looked at */
    bool more;    /* the taker wants others */
    uint8_t *piece;
};

static void hand(struct walk *w, const char *path, enum volume_found found)
{
    const struct volume_taker *t = w->taker;
    w->more = w->more && t->begin(t->context, path, 0) && t->end(t->context, found);
}

/* For an error of the library. */
static enum volume_found found_of(int error)
{
    return error == ENOENT ? FOUND_ABSENT : FOUND_UNREADABLE;
}

/* Files --------------------------------------------------------------------------------------- */

/* MS-FSCC 2.1.2.1: what replaces a file's bytes. */
static enum volume_found found_instead(const struct ntfs_lib *l, ntfs_inode *ni)
{
    enum { TAG_WOF_HIGH = 0x8000, TAG_WOF_LOW = 0x0017, TAG = 4 };
    s64 size = 0;
    enum volume_found found = FOUND_WHOLE;
    if ((ni->flags & FILE_ATTR_ENCRYPTED) != 0)
        return FOUND_ENCRYPTED;
    uint8_t *tag = l->ntfs_attr_readall(ni, AT_REPARSE_POINT, NULL, 0, &size);
    if (tag != NULL && size >= TAG)
        found = (tag[3] << 8 | tag[2]) == TAG_WOF_HIGH && (tag[1] << 8 | tag[0]) == TAG_WOF_LOW
                    ? FOUND_COMPRESSED
                    : FOUND_UNREADABLE;
    else if (tag != NULL || (ni->flags & FILE_ATTR_REPARSE_POINT) != 0)
        found = FOUND_UNREADABLE;
    free(tag);
    return found;
}

static enum volume_found hand_bytes(struct walk *w, ntfs_attr *na, uint64_t size)
{
    const struct ntfs_lib *l = w->volume->lib;
    const struct volume_taker *t = w->taker;
    for (uint64_t at = 0; at < size && w->more;) {
        uint64_t n = size - at < VOLUME_PIECE ? size - at : VOLUME_PIECE;
        s64 got = l->ntfs_attr_pread(na, (s64)at, (s64)n, w->piece);
        if (got <= 0 || (uint64_t)got > n)
            return FOUND_UNREADABLE;
        w->more = t->piece(t->context, (struct span){w->piece, (size_t)got});
        at += (uint64_t)got;
    }
    return FOUND_WHOLE;
}

static void hand_data(struct walk *w, const char *path, ntfs_attr *na)
{
    const struct volume_taker *t = w->taker;
    uint64_t cap = w->wish->cap, size = na->data_size > 0 ? (uint64_t)na->data_size : 0;
    if (size > cap && cap > 0 && !w->wish->head) {
        hand(w, path, FOUND_TOO_LARGE);
        return;
    }
    size = size < cap ? size : cap;
    w->more = w->more && t->begin(t->context, path, size);
    enum volume_found found = w->more ? hand_bytes(w, na, size) : FOUND_UNREADABLE;
    w->more = w->more && t->end(t->context, found);
}

static void hand_inode(struct walk *w, const char *path, ntfs_inode *ni)
{
    const struct ntfs_lib *l = w->volume->lib;
    enum volume_found instead = found_instead(l, ni);
    if (instead != FOUND_WHOLE) {
        hand(w, path, instead);
        return;
    }
    ntfs_attr *na = l->ntfs_attr_open(ni, AT_DATA, NULL, 0);
    if (na == NULL) {
        hand(w, path, FOUND_UNREADABLE);
        return;
    }
    hand_data(w, path, na);
    l->ntfs_attr_close(na);
}

/* Folders ------------------------------------------------------------------------------------- */

struct entry {
    const char *name;
    MFT_REF at;
    bool folder;
};

struct entries {
    struct walk *walk;
    struct entry *items;
    size_t n;
    bool damaged; /* there is a name that no file can have */
};

/* No name contains control characters, and Windows writes no half surrogates. */
static bool is_name(const ntfschar *name, int len)
{
    for (int i = 0; i < len; i++) {
        if (le16_to_cpu(name[i]) < ' ')
            return false;
    }
    return true;
}

/*
 * The library calls this for each name in a folder. A result other than 0 reports that a limit
 * stopped it.
 */
static int add_entry(void *context, const ntfschar *name, const int len, const int kind,
                     const s64 at, const MFT_REF inode, const unsigned type)
{
    struct entries *e = context;
    struct walk *w = e->walk;
    char *text = NULL;
    (void)at;
    if ((kind & 3) == FILE_NAME_DOS)
        return 0; /* its short name */
    if (w->names++ >= VOLUME_ENTRIES_MAX)
        return -1;
    if (!is_name(name, len) || w->volume->lib->ntfs_ucstombs(name, len, &text, 0) < 0) {
        e->damaged = true;
        return 0;
    }
    struct span s = span_of(text);
    bool dot = span_is(s, ".") || span_is(s, "..") || s.len == 0;
    bool folder = type == NTFS_DT_DIR;
    if (!dot && (folder || span_ends_like(s, w->wish->ends))) {
        e->items = arena_grow(w->arena, e->items, e->n, sizeof *e->items);
        e->items[e->n].name = arena_text(w->arena, s);
        e->items[e->n].at = inode;
        e->items[e->n++].folder = folder;
    }
    free(text);
    return 0;
}

static void hand_folder(struct walk *w, const char *path, ntfs_inode *dir, unsigned depth);

static void hand_entry(struct walk *w, const char *folder, const struct entry *e, unsigned depth)
{
    const struct ntfs_lib *l = w->volume->lib;
    const char *path = arena_printf(w->arena, "%s/%s", folder, e->name);
    if (e->folder && depth == 0)
        return;
    if (span_of(path).len > VOLUME_PATH_MAX) {
        hand(w, folder, FOUND_TOO_LARGE);
        return;
    }
    ntfs_inode *ni = l->ntfs_inode_open(w->volume->ntfs, e->at);
    if (ni == NULL) {
        hand(w, path, FOUND_UNREADABLE);
        return;
    }
    if (e->folder)
        hand_folder(w, path, ni, depth - 1);
    else
        hand_inode(w, path, ni);
    (void)l->ntfs_inode_close(ni);
}

/* If a folder cannot be read to its end, the names read so far are still handed over. */
static void hand_folder(struct walk *w, const char *path, ntfs_inode *dir, unsigned depth)
{
    struct entries e = {.walk = w};
    s64 at = 0;
    ntfs_volume *vol = w->volume->ntfs;
    /* Otherwise the library makes all letters of names small. */
    NVolSetCaseSensitive(vol);
    int failed = w->volume->lib->ntfs_readdir(dir, &at, &e, add_entry);
    vol->state &= ~(1UL << NV_CaseSensitive);
    if ((dir->flags & FILE_ATTR_REPARSE_POINT) != 0)
        hand(w, path, FOUND_UNREADABLE); /* it stands for another folder, maybe on another volume */
    else if (failed != 0 || e.damaged)
        hand(w, path, w->names > VOLUME_ENTRIES_MAX ? FOUND_TOO_LARGE : FOUND_UNREADABLE);
    for (size_t i = 0; i < e.n && w->more; i++)
        hand_entry(w, path, &e.items[i], depth);
}

/* Why a path leads to nothing: one of its folders may stand for another, elsewhere. */
static enum volume_found missing(const struct walk *w, int error)
{
    const struct ntfs_lib *l = w->volume->lib;
    enum volume_found found = found_of(error);
    const char *path = w->wish->path;
    for (size_t n = strcspn(path, "/"); path[n] != '\0'; n += 1 + strcspn(path + n + 1, "/")) {
        const char *folder = arena_text(w->arena, (struct span){(const uint8_t *)path, n});
        ntfs_inode *ni = l->ntfs_pathname_to_inode(w->volume->ntfs, NULL, folder);
        if (ni == NULL)
            return found == FOUND_ABSENT ? found_of(errno) : found;
        if ((ni->flags & FILE_ATTR_REPARSE_POINT) != 0)
            found = FOUND_UNREADABLE;
        (void)l->ntfs_inode_close(ni);
    }
    return found;
}

bool volume_grant(struct volume *v, const struct volume_wish *wish, const struct volume_taker *t,
                  struct arena *a)
{
    struct arena once;
    arena_init(&once, arena_left(a), a->oom);
    struct walk w = {.volume = v, .wish = wish, .taker = t, .arena = &once, .more = true};
    w.piece = arena_alloc(&once, VOLUME_PIECE, 1);
    unsigned depth = wish->depth < VOLUME_DEPTH_MAX ? wish->depth : VOLUME_DEPTH_MAX;
    ntfs_inode *ni = v->lib->ntfs_pathname_to_inode(v->ntfs, NULL, wish->path);
    if (ni == NULL)
        hand(&w, wish->path, missing(&w, errno));
    else if (wish->ends == NULL)
        hand_inode(&w, wish->path, ni);
    else
        hand_folder(&w, wish->path, ni, depth);
    if (ni != NULL)
        (void)v->lib->ntfs_inode_close(ni);
    arena_reset(&once);
    return w.more;
}

enum status volume_has(struct volume *v, const char *path)
{
    ntfs_inode *ni = v->lib->ntfs_pathname_to_inode(v->ntfs, NULL, path);
    if (ni == NULL)
        return errno == ENOENT || errno == ENOTDIR ? ST_ABSENT : ST_MALFORMED;
    return v->lib->ntfs_inode_close(ni) == 0 ? ST_OK : ST_MALFORMED;
}

const char *volume_label(struct volume *v, struct arena *a)
{
    const ntfs_volume *vol = v->ntfs;
    return arena_short_text(a, span_of(vol->vol_name != NULL ? vol->vol_name : ""));
}

#else

bool volume_grant(struct volume *v, const struct volume_wish *wish, const struct volume_taker *t,
                  struct arena *a)
{
    (void)v;
    (void)wish;
    (void)t;
    (void)a;
    return false;
}

enum status volume_has(struct volume *v, const char *path)
{
    (void)v;
    (void)path;
    return ST_ABSENT;
}

const char *volume_label(struct volume *v, struct arena *a)
{
    (void)v;
    (void)a;
    return "";
}
#endif
