/* SPDX-License-Identifier: MIT */
#include "io/save/newfolder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/pipe.h"
#include "io/root.h"
#include "io/save/partial.h"

enum { FOLDER_MODE = 0755, FILE_MODE = 0644, NAMES_MAX = 65536 };

enum status newfolder_open(const char *path, struct arena *a, struct newfolder *out,
                           const char **problem)
{
    struct newfolder f = {path, partial_name(path, a), -1};
    bool made = partial_clear(f.partial, false, a) && mkdir(f.partial, FOLDER_MODE) == 0;
    if (made)
        f.fd = open(f.partial, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (f.fd < 0) {
        *problem = partial_problem(path, a);
        if (made)
            (void)rmdir(f.partial);
        return ST_IO_ERROR;
    }
    partial_hold(f.fd);
    *out = f;
    return ST_OK;
}

static bool make_folders(const struct newfolder *f, const char *name, struct arena *a)
{
    for (const char *slash = name; (slash = strchr(slash, '/')) != NULL; slash++) {
        struct span folder = {(const uint8_t *)name, (size_t)(slash - name)};
        if (mkdirat(f->fd, arena_text(a, folder), FOLDER_MODE) != 0 && errno != EEXIST)
            return false;
    }
    return true;
}

bool newfolder_add(const struct newfolder *f, const char *name, struct span data, struct arena *a)
{
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    scoped_fd fd = make_folders(f, name, a) ? openat(f->fd, name, flags, FILE_MODE) : -1;
    return fd >= 0 && pipe_send(fd, data.ptr, data.len) && fsync(fd) == 0;
}

/* The names in `dir` and in the folders below it. Each file is on the disk already. */
static bool flush_names(int dir, struct arena *a)
{
    const char *const *names;
    size_t n = 0;
    if (root_list(dir, ".", NAMES_MAX, a, &names, &n) != ST_OK)
        return false;
    for (size_t i = 0; i < n; i++) {
        scoped_fd sub = root_open(dir, names[i], O_DIRECTORY | O_NOFOLLOW);
        if (sub >= 0 ? !flush_names(sub, a) : errno != ENOTDIR)
            return false;
    }
    return fsync(dir) == 0 || errno == EINVAL;
}

enum status newfolder_commit(struct newfolder *f, bool *exists, struct arena *a,
                             const char **problem)
{
    bool named = flush_names(f->fd, a) && rename(f->partial, f->path) == 0;
    *exists = !named && (errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR);
    if (!named) {
        *problem = arena_printf(a, "cannot write %s: %s", f->path, strerror(errno));
        return ST_IO_ERROR;
    }
    close_fd(&f->fd);
    f->fd = -1;
    if (partial_flush_folder(f->path, a))
        return ST_OK;
    *problem = arena_printf(a, "%s is written, but the disk may not keep it: %s", f->path,
                            strerror(errno));
    return ST_IO_ERROR;
}

void newfolder_abandon(struct newfolder *f, struct arena *a)
{
    if (f->fd >= 0)
        (void)partial_remove(f->partial, f->fd, a);
    close_fd(&f->fd);
    f->fd = -1;
}
