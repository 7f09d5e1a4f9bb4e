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

enum { FILE_MODE = 0644 };

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

static enum status open_archive(struct store_sink *s, const char **problem)
{
    const struct archive_lib *lib = libs_archive(problem);
    if (lib == NULL)
        return ST_NO_DRIVER;
    enum status st = newfile_open(s->path, FILE_MODE, s->arena, &s->file, problem);
    if (st != ST_OK)
        return st;
    if (store_archive_open(lib, s->path, s->file.fd, &s->archive))
        return ST_OK;
    newfile_abandon(&s->file);
    return fail(s, "libarchive refuses", problem);
}

enum status sink_open(const char *path, time_t at, struct arena *a, struct store_sink *out,
                      const char **problem)
{
    struct store_sink s = {.arena = a, .path = without_slashes(path, a), .time = at};
    s.is_archive = store_archive_is_asked_for(s.path);
    if (is_in_the_way(&s, !s.is_archive))
        return exists_already(&s, problem);
    enum status st =
        s.is_archive ? open_archive(&s, problem) : newfolder_open(s.path, a, &s.folder, problem);
    if (st == ST_OK)
        *out = s;
    return st;
}

enum status sink_file(struct store_sink *s, const char *name, struct span data,
                      const char **problem)
{
    if (s->is_archive)
        return store_archive_add(&s->archive, name, data, FILE_MODE, s->time)
                   ? ST_OK
                   : fail(s, store_archive_error(&s->archive), problem);
    return newfolder_add(&s->folder, name, data, s->arena) ? ST_OK
                                                           : fail(s, strerror(errno), problem);
}

enum status sink_commit(struct store_sink *s, const char **problem)
{
    bool exists = false;
    enum status st;
    if (s->is_archive && !store_archive_finish(&s->archive))
        return fail(s, store_archive_error(&s->archive), problem);
    if (s->is_archive)
        st = newfile_commit(&s->file, false, &exists, s->arena, problem);
    else
        st = newfolder_commit(&s->folder, &exists, s->arena, problem);
    if (st == ST_OK)
        store_archive_free(&s->archive);
    return exists ? exists_already(s, problem) : st;
}

void sink_abandon(struct store_sink *s)
{
    store_archive_free(&s->archive);
    if (s->is_archive)
        newfile_abandon(&s->file);
    else
        newfolder_abandon(&s->folder, s->arena);
}
