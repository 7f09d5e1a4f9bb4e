/* SPDX-License-Identifier: MIT */
#include "io/store_sink.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/libs.h"
#include "io/root.h"

enum { FOLDER_MODE = 0755, FILE_MODE = 0644, REMOVE_MAX = 65536 };

static enum status fail(struct store_sink *s, const char *what, const char **problem)
{
    *problem = arena_printf(s->arena, "cannot write %s: %s", s->path, what);
    return ST_IO_ERROR;
}

static enum status exists_already(struct store_sink *s, const char **problem)
{
    *problem = arena_printf(s->arena, "%s already exists", s->path);
    return ST_IO_ERROR;
}

static bool is_empty_folder(const struct store_sink *s)
{
    scoped_fd fd = open(s->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    const char *const *names;
    size_t n = 0;
    return fd >= 0 && root_list(fd, ".", 1, s->arena, &names, &n) == ST_OK && n == 0;
}

/* A new folder may replace an empty one. */
static bool is_in_the_way(const struct store_sink *s, bool folder)
{
    struct stat st;
    return lstat(s->path, &st) == 0 && !(folder && is_empty_folder(s));
}

static const char *without_slashes(const char *path, struct arena *a)
{
    size_t len = strlen(path);
    while (len > 1 && path[len - 1] == '/')
        len--;
    return arena_text(a, (struct span){(const uint8_t *)path, len});
}

enum status sink_open(const char *path, time_t at, struct arena *a, struct store_sink *out,
                      const char **problem)
{
    struct store_sink s = {.arena = a, .path = without_slashes(path, a), .fd = -1, .time = at};
    const struct archive_lib *lib = NULL;
    s.is_archive = store_archive_is_asked_for(s.path);
    if (s.is_archive && (lib = libs_archive(problem)) == NULL)
        return ST_NO_DRIVER;
    if (is_in_the_way(&s, !s.is_archive))
        return exists_already(&s, problem);
    s.partial = arena_printf(a, "%s.partial-%ld", s.path, (long)getpid());
    if (s.is_archive)
        s.fd = open(s.partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
    else if (mkdir(s.partial, FOLDER_MODE) == 0)
        s.fd = open(s.partial, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (s.fd < 0) {
        enum status st = fail(&s, strerror(errno), problem);
        (void)rmdir(s.partial); /* made, but could not be opened */
        return st;
    }
    if (s.is_archive && !store_archive_open(lib, s.path, s.fd, &s.archive)) {
        enum status st = fail(&s, "libarchive refuses", problem);
        sink_abandon(&s);
        return st;
    }
    *out = s;
    return ST_OK;
}

/* Files ------------------------------------------------------------------------------------ */

static bool make_folders(const struct store_sink *s, const char *name)
{
    for (const char *slash = name; (slash = strchr(slash, '/')) != NULL; slash++) {
        struct span folder = {(const uint8_t *)name, (size_t)(slash - name)};
        if (mkdirat(s->fd, arena_text(s->arena, folder), FOLDER_MODE) != 0 && errno != EEXIST)
            return false;
    }
    return true;
}

static bool write_all(int fd, struct span data)
{
    while (data.len > 0) {
        ssize_t n = write(fd, data.ptr, data.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        data = span_skip(data, (size_t)n);
    }
    return fsync(fd) == 0;
}

enum status sink_file(struct store_sink *s, const char *name, struct span data,
                      const char **problem)
{
    if (s->is_archive)
        return store_archive_add(&s->archive, name, data, FILE_MODE, s->time)
                   ? ST_OK
                   : fail(s, store_archive_error(&s->archive), problem);
    scoped_fd fd =
        make_folders(s, name)
            ? openat(s->fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, FILE_MODE)
            : -1;
    if (fd < 0 || !write_all(fd, data))
        return fail(s, strerror(errno), problem);
    return ST_OK;
}

/* The end ---------------------------------------------------------------------------------- */

enum status sink_commit(struct store_sink *s, const char **problem)
{
    if (s->is_archive && !store_archive_finish(&s->archive))
        return fail(s, store_archive_error(&s->archive), problem);
    if (fsync(s->fd) != 0)
        return fail(s, strerror(errno), problem);
    /* A folder may replace an empty folder only; a file must not replace anything. */
    int failed = s->is_archive
                     ? renameat2(AT_FDCWD, s->partial, AT_FDCWD, s->path, RENAME_NOREPLACE)
                     : rename(s->partial, s->path);
    if (failed != 0 && s->is_archive && errno == EINVAL) /* a file system without the flag */
        failed = rename(s->partial, s->path);
    if (failed != 0 && (errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR))
        return exists_already(s, problem);
    if (failed != 0)
        return fail(s, strerror(errno), problem);
    s->partial = NULL;
    store_archive_free(&s->archive);
    close_fd(&s->fd);
    return ST_OK;
}

/* It contains only what this program made: files, and folders of files. */
static void remove_below(struct store_sink *s, int dir)
{
    const char *const *names;
    size_t n = 0;
    (void)root_list(dir, ".", REMOVE_MAX, s->arena, &names, &n);
    for (size_t i = 0; i < n; i++) {
        if (unlinkat(dir, names[i], 0) == 0)
            continue;
        scoped_fd sub = root_open(dir, names[i], O_DIRECTORY | O_NOFOLLOW);
        if (sub >= 0)
            remove_below(s, sub);
        (void)unlinkat(dir, names[i], AT_REMOVEDIR);
    }
}

void sink_abandon(struct store_sink *s)
{
    store_archive_free(&s->archive);
    if (s->partial != NULL && !s->is_archive && s->fd >= 0)
        remove_below(s, s->fd);
    if (s->partial != NULL)
        (void)(s->is_archive ? unlink(s->partial) : rmdir(s->partial));
    close_fd(&s->fd);
    s->fd = -1;
    s->partial = NULL;
}
