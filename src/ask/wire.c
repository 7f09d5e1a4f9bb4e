/* SPDX-License-Identifier: MIT */
#include "ask/wire.h"

#include <string.h>

struct question_head {
    uint32_t kind;
    uint32_t size;
    uint64_t offset;
    uint32_t path;
    uint32_t list;
};

struct answer_head {
    int32_t st;
    int32_t error;
};

/* Joins up to three parts in one block; the address of an empty part may be NULL. */
static struct span join(struct arena *a, struct span head, struct span path, struct span list)
{
    uint8_t *all = arena_alloc(a, head.len + path.len + list.len, 1);
    memcpy(all, head.ptr, head.len);
    if (path.len > 0)
        memcpy(all + head.len, path.ptr, path.len);
    if (list.len > 0)
        memcpy(all + head.len + path.len, list.ptr, list.len);
    return (struct span){all, head.len + path.len + list.len};
}

struct span wire_question(const struct question *q, struct arena *a)
{
    struct span path = span_of(q->path);
    const struct question_head h = {(uint32_t)q->kind, q->size, q->offset, (uint32_t)path.len,
                                    (uint32_t)q->list.len};
    return join(a, (struct span){(const uint8_t *)&h, sizeof h}, path, q->list);
}

struct span wire_answer(const struct answer *w, struct arena *a)
{
    const struct answer_head h = {(int32_t)w->st, w->error};
    return join(a, (struct span){(const uint8_t *)&h, sizeof h}, w->data, (struct span){0});
}

bool wire_read_question(struct span bytes, struct arena *a, struct question *out)
{
    struct question_head h;
    if (bytes.len < sizeof h)
        return false;
    memcpy(&h, bytes.ptr, sizeof h);
    struct span rest = span_skip(bytes, sizeof h);
    if (h.kind >= ASK_KINDS || h.path > ASK_PATH_MAX || h.list > ASK_LIST_MAX ||
        rest.len != (size_t)h.path + h.list ||
        (h.path > 0 && memchr(rest.ptr, '\0', h.path) != NULL))
        return false;
    *out = (struct question){
        .kind = (enum ask_kind)h.kind,
        .path = arena_text(a, (struct span){rest.ptr, h.path}),
        .offset = h.offset,
        .size = h.size,
        .list = span_skip(rest, h.path),
    };
    return true;
}

bool wire_read_answer(struct span bytes, struct answer *out)
{
    struct answer_head h;
    if (bytes.len < sizeof h)
        return false;
    memcpy(&h, bytes.ptr, sizeof h);
    if (h.st < 0 || h.st >= ST_COUNT)
        return false;
    *out = (struct answer){(enum status)h.st, h.error, span_skip(bytes, sizeof h)};
    return true;
}
