/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "io/root.h"
#include "reader/access.h"
#include "reader/files.h"
#include "reader/reader.h"

/* Anything beyond these limits is read when it is asked for. */
enum { FOLDERS_MAX = 2048, KNOWN_MAX = 32768, BYTES_MAX = 8 << 20, PATH_ROOM = ASK_PATH_MAX + 1 };

/* The rows of one folder: from `first` to before `end`. */
struct group {
    const struct access *first, *end;
};

static bool is_full(const struct known *k)
{
    return k->n >= KNOWN_MAX || k->bytes >= BYTES_MAX;
}

static void add_row(const struct reader *r, struct known *k, const struct access *row,
                    const char *folder, int dir)
{
    const char *path;
    struct answer *w = known_add(k, row->kind, folder, row->name, &path);
    w->st = ST_ABSENT;
    files_answer(r, dir, row, path, k->arena, w);
    k->bytes += w->data.len;
}

static void add_group(const struct reader *r, struct known *k, struct group g)
{
    for (const struct access *row = g.first; row < g.end && !is_full(k); row++) {
        if (row->early)
            add_row(r, k, row, row->folder, -1);
    }
}

/*
 * Adds all rows below one folder, which is opened once. A name with a slash may lead out of the
 * folder through a link, so its path is walked from the root.
 */
static void add_below(const struct reader *r, struct known *k, struct group g, const char *above,
                      const char *name)
{
    const char *folder;
    struct answer *there = known_add(k, ASK_EXISTS, above, name, &folder);
    scoped_fd dir = root_open(r->root, folder, O_DIRECTORY | O_PATH);
    there->st = dir >= 0 ? ST_OK : status_from_errno(errno);
    for (const struct access *row = g.first; dir >= 0 && row < g.end; row++) {
        if (row->early)
            add_row(r, k, row, folder, strchr(row->name, '/') == NULL ? dir : -1);
    }
}

/* Takes the names from an earlier row, which lists the folder: "sys/block/sd*". */
static void add_each(const struct reader *r, struct known *k, struct group g)
{
    const char *last = strrchr(g.first->folder, '/') + 1;
    size_t n = (size_t)(last - g.first->folder) - 1, begin = strlen(last) - strlen("*");
    const char *above = arena_text(k->arena, (struct span){(const uint8_t *)g.first->folder, n});
    const struct question list = {.kind = ASK_LIST, .path = above};
    const struct answer *names = known_find(k, &list);
    struct span rest = names != NULL ? names->data : (struct span){0};
    for (size_t i = 0; i < FOLDERS_MAX && rest.len > 0 && !is_full(k); i++) {
        const char *name = (const char *)rest.ptr;
        if (n + 1 + strlen(name) < PATH_ROOM && strncmp(name, last, begin) == 0)
            add_below(r, k, g, above, name);
        rest = span_skip(rest, strlen(name) + 1);
    }
}

/* Adds the beginning of the kernel's log, which every scan of this machine reads. */
static void add_log(struct reader *r, struct known *k)
{
    const struct question q = {.kind = ASK_NEXT, .path = "dev/kmsg", .size = ASK_RECORDS};
    struct answer w;
    const char *path;
    if (r->live && reader_answer(r, &q, k->arena, &w))
        *known_add(k, ASK_NEXT, "dev", "kmsg", &path) = w;
}

void reader_early(struct reader *r, struct known *known)
{
    const struct access *end = accesses + n_accesses;
    add_log(r, known);
    for (struct group g = {accesses, accesses}; g.first < end; g.first = g.end) {
        while (g.end < end && strcmp(g.end->folder, g.first->folder) == 0)
            g.end++;
        if (access_is_each(g.first) && g.first->early)
            add_each(r, known, g);
        else if (!access_is_each(g.first))
            add_group(r, known, g);
    }
}
