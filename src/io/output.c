/* SPDX-License-Identifier: MIT */
#include "io/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/pipe.h"
#include "io/root.h"

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

/* Beside the file ---------------------------------------------------------------------------- */

void output_hold_signals(sigset_t *before)
{
    sigset_t held;
    (void)sigemptyset(&held);
    (void)sigaddset(&held, SIGHUP);
    (void)sigaddset(&held, SIGINT);
    (void)sigaddset(&held, SIGTERM);
    (void)sigprocmask(SIG_BLOCK, &held, before);
}

void output_release_signals(const sigset_t *before)
{
    int error = errno;
    (void)sigprocmask(SIG_SETMASK, before, NULL);
    errno = error;
}

static const char *folder_of(const char *path, struct arena *a)
{
    const char *slash = strrchr(path, '/');
    size_t n = slash == NULL ? 0 : slash == path ? 1 : (size_t)(slash - path);
    return n == 0 ? "." : arena_text(a, (struct span){(const uint8_t *)path, n});
}

static int create(const char *path)
{
    return open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
}

/* A file without a name, in the folder of the final file: nothing of it can remain. */
static int open_nameless(const struct output *o, struct arena *a)
{
    sigset_t before;
    int fd = open(folder_of(o->path, a), O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT))
        return fd;
    /* FAT, NFS: a file whose name is removed at once. */
    output_hold_signals(&before);
    fd = create(o->temporary);
    if (fd >= 0)
        (void)unlink(o->temporary);
    output_release_signals(&before);
    return fd;
}

static bool copy_all(int from, int to)
{
    char some[64 << 10];
    ssize_t n;
    for (off_t at = 0; (n = pread(from, some, sizeof some, at)) > 0; at += n) {
        if (!pipe_send(to, some, (size_t)n))
            return false;
    }
    return n == 0;
}

/* Leaves errno as it was. */
static void unlink_quietly(const char *path)
{
    int error = errno;
    (void)unlink(path);
    errno = error;
}

/* Gives the bytes a name beside the file: by a link, or else by a copy. */
static bool name_it(const struct output *o, struct arena *a)
{
    const char *self = arena_printf(a, "/proc/self/fd/%d", o->fd);
    if (linkat(AT_FDCWD, self, AT_FDCWD, o->temporary, AT_SYMLINK_FOLLOW) == 0)
        return true;
    if (errno == EEXIST)
        return false;
    scoped_fd fd = create(o->temporary);
    bool copied = fd >= 0 && copy_all(o->fd, fd) && fsync(fd) == 0;
    if (fd >= 0 && !copied)
        unlink_quietly(o->temporary);
    return copied;
}

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
    if (there && !S_ISREG(st.st_mode)) {
        /* Devices and pipes (/dev/null, /dev/stdout) cannot be replaced, so they are written to. */
        o.fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    } else {
        o.path = real;
        o.temporary = arena_printf(a, "%s.partial-%ld", o.path, (long)getpid());
        o.fd = open_nameless(&o, a);
    }
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

/* No file has a name before this, and no signal comes between the temporary name and its end. */
static enum status replace(struct output *o, struct arena *a, const char **problem)
{
    sigset_t before;
    output_hold_signals(&before);
    bool named = fsync(o->fd) == 0 && name_it(o, a);
    bool replaced = named && rename(o->temporary, o->path) == 0;
    if (named && !replaced)
        unlink_quietly(o->temporary);
    output_release_signals(&before);
    return replaced ? ST_OK : fail(named ? "replace" : "write", o->path, a, problem);
}

enum status output_commit(struct output *o, struct arena *a, const char **problem)
{
    if (o->path == NULL)
        return ST_OK;
    enum status st = o->temporary != NULL ? replace(o, a, problem) : ST_OK;
    int fd = o->fd;
    o->fd = -1;
    o->temporary = NULL;
    if (close(fd) != 0 && st == ST_OK)
        return fail("write", o->path, a, problem);
    return st;
}

void output_abandon(struct output *o)
{
    if (o->path != NULL)
        close_fd(&o->fd);
    o->fd = -1;
    o->temporary = NULL;
}
