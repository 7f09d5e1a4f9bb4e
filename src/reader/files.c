/* SPDX-License-Identifier: MIT */
#include "reader/files.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "io/root.h"

/* The folder to start from, and the rest of the path. */
struct place {
    int dir;
    const char *path;
    bool kernels; /* in one of the kernel's own file systems */
};

static void answer_file(const struct place *p, size_t cap, struct arena *a, struct answer *out)
{
    scoped_fd fd = p->kernels ? root_open_kernels(p->dir, p->path, &out->st)
                              : root_open_file(p->dir, p->path, &out->st);
    if (fd >= 0)
        out->st = fd_read(fd, cap, a, &out->data);
}

static void answer_list(const struct place *p, size_t cap, struct arena *a, struct answer *out)
{
    const char *const *names;
    size_t n = 0, size = 0, at = 0;
    out->st = root_list(p->dir, p->path, cap, a, &names, &n);
    if (out->st != ST_OK && out->st != ST_TRUNCATED)
        return;
    for (size_t i = 0; i < n; i++)
        size += strlen(names[i]) + 1;
    uint8_t *all = arena_alloc(a, size, 1);
    for (size_t i = 0; i < n; i++) {
        size_t len = strlen(names[i]) + 1;
        memcpy(all + at, names[i], len);
        at += len;
    }
    out->data = (struct span){all, size};
}

static void answer_exists(const struct place *p, size_t cap, struct arena *a, struct answer *out)
{
    (void)cap;
    (void)a;
    out->st = root_exists(p->dir, p->path);
}

/* Does not follow the link itself; its folder may be behind another link. */
static ssize_t read_link(const struct place *p, struct arena *a, char *target, size_t room)
{
    const char *slash = strrchr(p->path, '/');
    if (slash == NULL)
        return readlinkat(p->dir, p->path, target, room);
    struct span above = {(const uint8_t *)p->path, (size_t)(slash - p->path)};
    scoped_fd folder = root_open(p->dir, arena_text(a, above), O_DIRECTORY | O_PATH);
    return folder < 0 ? -1 : readlinkat(folder, slash + 1, target, room);
}

static void answer_link(const struct place *p, size_t cap, struct arena *a, struct answer *out)
{
    char *target = arena_alloc(a, cap + 1, 1);
    ssize_t n = read_link(p, a, target, cap + 1);
    if (n < 0)
        out->st = errno == EINVAL ? ST_ABSENT : status_from_errno(errno);
    else if ((size_t)n > cap)
        out->st = ST_UNSUPPORTED;
    else
        *out = (struct answer){.st = ST_OK, .data = {(const uint8_t *)target, (size_t)n}};
}

static bool is_kernels(const struct reader *r, const char *path)
{
    return (r->kernels_sys && strncmp(path, "sys/", strlen("sys/")) == 0) ||
           (r->kernels_proc && strncmp(path, "proc/", strlen("proc/")) == 0);
}

void files_answer(const struct reader *r, int dir, const struct access *row, const char *path,
                  struct arena *a, struct answer *out)
{
    static void (*const kinds[ASK_KINDS])(const struct place *p, size_t cap, struct arena *a,
                                          struct answer *out) = {
        [ASK_FILE] = answer_file,
        [ASK_LIST] = answer_list,
        [ASK_EXISTS] = answer_exists,
        [ASK_LINK] = answer_link,
    };
    const char *name = strrchr(path, '/');
    const struct place p = {
        .dir = dir >= 0 ? dir : r->root,
        .path = dir >= 0 && name != NULL ? name + 1 : path,
        .kernels = is_kernels(r, path),
    };
    kinds[row->kind](&p, row->cap, a, out);
}
