/* SPDX-License-Identifier: MIT */
#include "io/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/root.h"
#include "io/save/newfile.h"

static enum status fail(const char *what, const char *path, struct arena *a, const char **problem)
{
    *problem = arena_printf(a, "cannot %s %s: %s", what, path, strerror(errno));
    return ST_IO_ERROR;
}

/* Links ------------------------------------------------------------------------------------ */

/* Another user's link may lead anywhere; root's own links belong to the system. */
static bool is_trusted(const struct stat *link)
{
    return link->st_uid == geteuid() || link->st_uid == 0;
}

/* The target of the link `path`: below the link's own folder, unless it is an absolute path. */
static const char *target_of(const char *path, struct arena *a)
{
    char target[PATH_MAX];
    ssize_t n = readlink(path, target, sizeof target);
    const char *slash = strrchr(path, '/');
    if (n <= 0 || (size_t)n == sizeof target)
        return NULL;
    int folder = slash != NULL && target[0] != '/' ? (int)(slash - path + 1) : 0;
    return arena_printf(a, "%.*s%.*s", folder, path, (int)n, target);
}

/*
 * The file behind links, so that the file is replaced and not the link. Follows one link at a time,
 * since each must belong to this user; NULL, with errno, if one must not be followed.
 */
static const char *behind_links(const char *path, struct arena *a)
{
    enum { LINKS_MAX = 40 };
    struct stat st;
    for (unsigned i = 0; i < LINKS_MAX; i++) {
        if (path == NULL || lstat(path, &st) != 0 || !S_ISLNK(st.st_mode))
            return path;
        if (!is_trusted(&st)) {
            errno = EPERM;
            return NULL;
        }
        path = target_of(path, a);
    }
    errno = ELOOP;
    return NULL;
}

/* Files ------------------------------------------------------------------------------------- */

enum status output_open(const char *path, struct arena *a, struct output *out, const char **problem)
{
    if (path == NULL) {
        *out = (struct output){.fd = STDOUT_FILENO};
        return ST_OK;
    }
    struct stat st;
    struct output o = {.path = path};
    const char *real = behind_links(path, a);
    if (real == NULL) {
        *problem = arena_printf(a, "%s is a link of another user, so it is not followed", path);
        return ST_NO_PERMISSION;
    }
    bool there = stat(path, &st) == 0;
    if (there && S_ISDIR(st.st_mode)) {
        errno = EISDIR;
        return fail("write", path, a, problem);
    }
    if (!there || S_ISREG(st.st_mode)) {
        struct newfile file;
        enum status opened = newfile_open(real, 0666, a, &file, problem);
        if (opened == ST_OK)
            *out = (struct output){.path = real, .is_new = true, .fd = file.fd};
        return opened;
    }
    /* Devices and pipes (/dev/null, /dev/stdout) cannot be replaced, so they are written to. */
    o.fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (o.fd < 0)
        return fail("write", path, a, problem);
    *out = o;
    return ST_OK;
}

enum status output_write(struct output *o, struct span data, struct arena *a, const char **problem)
{
    while (data.len > 0) {
        ssize_t n = write(o->fd, data.ptr, data.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EPIPE) { /* "| head" has read enough */
            o->unread = true;
            return ST_OK;
        }
        if (n < 0)
            return fail("write", o->path != NULL ? o->path : "standard output", a, problem);
        data = span_skip(data, (size_t)n);
    }
    return ST_OK;
}

enum status output_commit(struct output *o, struct arena *a, const char **problem)
{
    if (o->path == NULL)
        return ST_OK;
    int fd = o->fd;
    o->fd = -1;
    if (o->is_new) {
        bool exists = false;
        return newfile_commit(&(struct newfile){o->path, fd}, true, &exists, a, problem);
    }
    return close(fd) == 0 ? ST_OK : fail("write", o->path, a, problem);
}

void output_abandon(struct output *o)
{
    if (o->path != NULL)
        close_fd(&o->fd);
    o->fd = -1;
}
