/* SPDX-License-Identifier: MIT */
/* The side with rights. Its questions come from a process that hostile bytes may control. */
#include "cli/inputs/members.h"

#include <stdlib.h>
#include <string.h>

/* Files of captures; what is loose beside captures is only counted. */
static bool begin(struct members *m, struct span name)
{
    if (name.len == 0 || name.len > RAW_NAME_MAX || memchr(name.ptr, '\0', name.len) != NULL)
        return false;
    if (m->n == RAW_FILES_MAX) {
        m->left_out += m->n;
        m->n = m->total = 0;
    }
    if (m->n == 0)
        arena_reset(m->arena);
    m->files = m->n == 0 ? NULL : m->files;
    m->files = arena_grow(m->arena, m->files, m->n, sizeof *m->files);
    m->files[m->n++] = (struct raw_file){.name = arena_text(m->arena, name), .st = ST_OK};
    return true;
}

/* A file that does not fit is listed without its bytes. */
static bool more(struct members *m, struct span bytes)
{
    struct raw_file *f = m->n > 0 ? &m->files[m->n - 1] : NULL;
    if (f == NULL)
        return false;
    if (f->st != ST_OK)
        return true;
    if (bytes.len > RAW_TOTAL_MAX - m->total || arena_left(m->arena) < f->data.len + bytes.len) {
        m->total -= f->data.len;
        f->data = (struct span){0};
        f->st = ST_TRUNCATED;
        return true;
    }
    uint8_t *all =
        arena_resize(m->arena, f->data.len > 0 ? f->data.ptr : NULL, f->data.len + bytes.len);
    memcpy(all + f->data.len, bytes.ptr, bytes.len);
    f->data = (struct span){all, f->data.len + bytes.len};
    m->total += bytes.len;
    return true;
}

/* What is left belongs to no input: it is counted, and its memory freed. */
static void forget(struct members *m, size_t used)
{
    m->left_out += m->n - used;
    m->n = m->total = 0;
}

static bool take_file(struct members *m)
{
    struct raw_file *f = m->n > 0 ? &m->files[m->n - 1] : NULL;
    if (f == NULL)
        return false;
    const char *name = f->name;
    const char *problem = f->st == ST_OK ? NULL : "is too large: a file over 32 MiB";
    f->name = "";
    struct raw_input raw = {.path = name, .files = f, .n = 1};
    bool wanted = m->take(m->context, name, &raw, problem);
    forget(m, 1);
    return wanted;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct raw_file *)a)->name, ((const struct raw_file *)b)->name);
}

/* The files below `folder`, named relative to it. */
static bool take_folder(struct members *m, struct span folder)
{
    const char *path = arena_text(m->arena, folder);
    struct raw_input raw = {
        .path = path, .folder = true, .files = arena_new(m->arena, struct raw_file, m->n)};
    for (size_t i = 0; i < m->n; i++) {
        const char *name = m->files[i].name;
        if (strncmp(name, path, folder.len) != 0 || name[folder.len] != '/')
            continue;
        raw.files[raw.n] = m->files[i];
        raw.files[raw.n++].name = name + folder.len + 1;
    }
    qsort(raw.files, raw.n, sizeof *raw.files, by_name);
    bool wanted = m->take(m->context, path, &raw, NULL);
    forget(m, raw.n);
    return wanted;
}

bool members_serve(void *server, struct span question, struct arena *a, struct span *answer)
{
    struct members *m = server;
    struct member_head h;
    bool wanted = true;
    if (question.len < sizeof h)
        return false;
    memcpy(&h, question.ptr, sizeof h);
    struct span rest = span_skip(question, sizeof h);
    switch (h.ask) {
    case MEMBER_PIECE:
        *answer = m->read(m->context, a);
        return true;
    case MEMBER_BEGIN:
        wanted = begin(m, rest);
        break;
    case MEMBER_MORE:
        wanted = more(m, rest);
        break;
    case MEMBER_FILE:
        wanted = take_file(m);
        break;
    case MEMBER_FOLDER:
        wanted = rest.len > 0 && rest.len <= RAW_NAME_MAX &&
                 memchr(rest.ptr, '\0', rest.len) == NULL && take_folder(m, rest);
        break;
    default:
        return false;
    }
    *answer = (struct span){0};
    return wanted;
}
