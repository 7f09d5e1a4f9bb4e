/* SPDX-License-Identifier: MIT */
/* The child: asks for wishes and hands over, in pieces, what it finds. */
#include <string.h>

#include "cli/volume/parts.h"
#include "judge.h"

/* A file that is being handed over. */
struct handing {
    uint8_t *question; /* room for one */
    struct arena scratch;
    const char *path; /* NULL once it was sent */
    uint64_t size, sent;
    struct span last; /* its last piece, kept until the end: most files take one question */
};

static bool send(struct handing *h, struct span bytes, bool last, enum volume_found found)
{
    struct take t = {.kind = ASK_TAKE, .found = found, .last = last, .first = h->path != NULL};
    size_t path = h->path != NULL ? span_of(h->path).len : 0;
    t.size = h->size;
    t.path = (uint32_t)path;
    memcpy(h->question, &t, sizeof t);
    memcpy(h->question + sizeof t, h->path != NULL ? h->path : "", path);
    if (bytes.len > 0)
        memcpy(h->question + sizeof t + path, bytes.ptr, bytes.len);
    struct span answer =
        confine_ask((struct span){h->question, sizeof t + path + bytes.len}, &h->scratch);
    bool more = answer.len > 0;
    arena_reset(&h->scratch);
    h->path = NULL;
    return more;
}

static bool begin(void *context, const char *path, uint64_t size)
{
    struct handing *h = context;
    h->path = path;
    h->size = size;
    h->sent = 0;
    h->last = (struct span){0};
    return true;
}

static bool piece(void *context, struct span bytes)
{
    struct handing *h = context;
    h->sent += bytes.len;
    if (h->sent == h->size) {
        h->last = bytes;
        return true;
    }
    return send(h, bytes, false, FOUND_WHOLE);
}

static bool end(void *context, enum volume_found found)
{
    struct handing *h = context;
    return send(h, h->last, true, found);
}

/* The answer comes from our parent, and lives as long as `a`. */
static bool ask_wish(struct arena *a, struct volume_wish *out)
{
    const uint32_t kind = ASK_WISH;
    struct wished w;
    struct span answer = confine_ask((struct span){(const uint8_t *)&kind, sizeof kind}, a);
    if (answer.len < sizeof w + 2)
        return false;
    memcpy(&w, answer.ptr, sizeof w);
    const char *path = (const char *)answer.ptr + sizeof w;
    *out = (struct volume_wish){
        .path = path,
        .ends = w.folder ? path + strlen(path) + 1 : NULL,
        .depth = w.depth,
        .cap = w.cap,
        .head = w.head,
    };
    return true;
}

/* The source of the files: one of the two. */
struct granting {
    struct volume *volume;
    struct wim *wim;
};

static bool grant(const struct granting *g, const struct volume_wish *w,
                  const struct volume_taker *t, struct arena *a)
{
    return g->wim != NULL ? wim_grant(g->wim, w, t, a) : volume_grant(g->volume, w, t, a);
}

static void grant_wishes(const struct granting *g, struct arena *a)
{
    struct handing h = {
        .question = arena_alloc(a, sizeof(struct take) + VOLUME_PATH_MAX + VOLUME_PIECE, 1)};
    const struct volume_taker t = {&h, begin, piece, end};
    struct volume_wish w;
    struct arena asked;
    arena_init(&h.scratch, 1 << 20, a->oom);
    arena_init(&asked, 1 << 20, a->oom);
    bool more = true;
    while (more && ask_wish(&asked, &w)) {
        more = grant(g, &w, &t, a);
        arena_reset(&asked);
    }
}

static enum status read_volume(const struct reading *r, struct arena *a)
{
    struct volume v;
    enum status st = volume_open(r->lib, &r->device, a, &v);
    if (st == ST_OK) {
        grant_wishes(&(struct granting){.volume = &v}, a);
        volume_close(&v);
    }
    return st;
}

static enum status read_wim(const struct reading *r, struct arena *a)
{
    struct wim w;
    enum status st = wim_open(r->wim, &r->device, a, &w);
    if (st == ST_OK)
        st = wim_choose(&w, r->image);
    if (st == ST_OK)
        grant_wishes(&(struct granting){.wim = &w}, a);
    wim_close(&w);
    return st;
}

void volume_read(void *context, struct arena *a, struct judged *result)
{
    const struct reading *r = context;
    enum status st = r->image > 0 ? read_wim(r, a) : read_volume(r, a);
    result->exit_status = st == ST_OK ? EXIT_READY : EXIT_TROUBLE;
    result->message = span_of(st == ST_OK ? "" : status_meaning(st));
}
