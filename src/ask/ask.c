/* SPDX-License-Identifier: MIT */
#include "ask/ask.h"

#include <string.h>

static struct answer ask(const struct asker *by, const struct question *q)
{
    struct answer a = {.st = ST_IO_ERROR};
    by->ask(by->context, q, by->arena, &a);
    return a;
}

static enum status ask_path(const struct asker *by, enum ask_kind kind, const char *path,
                            struct span *out)
{
    const struct question q = {.kind = kind, .path = path};
    struct answer a = ask(by, &q);
    if (a.st == ST_OK || a.st == ST_TRUNCATED)
        *out = a.data;
    return a.st;
}

enum status ask_file(const struct asker *by, const char *path, struct span *out)
{
    return ask_path(by, ASK_FILE, path, out);
}

enum status ask_link(const struct asker *by, const char *path, struct span *out)
{
    return ask_path(by, ASK_LINK, path, out);
}

enum status ask_exists(const struct asker *by, const char *path)
{
    struct span nothing;
    return ask_path(by, ASK_EXISTS, path, &nothing);
}

/* Splits off the next name; a name without its NUL is invalid. */
static bool next_name(struct span *list, const char **out)
{
    const uint8_t *end = list->len > 0 ? memchr(list->ptr, '\0', list->len) : NULL;
    if (end == NULL)
        return false;
    *out = (const char *)list->ptr;
    *list = span_skip(*list, (size_t)(end - list->ptr) + 1);
    return true;
}

enum status ask_list(const struct asker *by, const char *path, const char *const **names, size_t *n)
{
    struct span list = {0};
    enum status st = ask_path(by, ASK_LIST, path, &list);
    if (st != ST_OK && st != ST_TRUNCATED)
        return st;
    const char **all = NULL, *name = NULL;
    size_t used = 0;
    while (next_name(&list, &name)) {
        all = arena_grow(by->arena, all, used, sizeof *all);
        all[used++] = name;
    }
    *names = all;
    *n = used;
    return st;
}

/* Asks for pieces; a short piece is the last one. */
static enum status ask_bytes(const struct asker *by, struct question q, void *buf, size_t n,
                             size_t *got)
{
    size_t at = 0;
    uint64_t start = q.offset;
    enum status st = ST_OK;
    while (at < n && at <= UINT64_MAX - start) {
        q.offset = start + at;
        q.size = n - at < ASK_SIZE_MAX ? (uint32_t)(n - at) : ASK_SIZE_MAX;
        struct answer a = ask(by, &q);
        st = a.st;
        size_t part = a.data.len < q.size ? a.data.len : q.size;
        if (st == ST_OK && part > 0)
            memcpy((uint8_t *)buf + at, a.data.ptr, part);
        at += st == ST_OK ? part : 0;
        if (st != ST_OK || part < q.size)
            break;
    }
    *got = at;
    return at > 0 ? ST_OK : st;
}

enum status ask_at(const struct asker *by, const char *path, uint64_t offset, void *buf, size_t n,
                   size_t *got)
{
    return ask_bytes(by, (struct question){.kind = ASK_AT, .path = path, .offset = offset}, buf, n,
                     got);
}

enum status ask_memory(const struct asker *by, uint64_t address, void *buf, size_t n, size_t *got)
{
    return ask_bytes(by, (struct question){.kind = ASK_MEMORY, .path = "", .offset = address}, buf,
                     n, got);
}

bool ask_next_item(struct span *data, struct ask_item *item, struct span *bytes)
{
    struct ask_item i;
    if (data->len < sizeof i)
        return false;
    memcpy(&i, data->ptr, sizeof i);
    struct span rest = span_skip(*data, sizeof i);
    if (i.size > rest.len || i.st < 0 || i.st >= ST_COUNT)
        return false;
    *item = i;
    *bytes = (struct span){rest.ptr, i.size};
    *data = span_skip(rest, i.size);
    return true;
}
