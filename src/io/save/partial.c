/* SPDX-License-Identifier: MIT */
#include "io/save/partial.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/root.h"

enum { REMOVE_MAX = 65536 };

const char *partial_name(const char *path, struct arena *a)
{
    return arena_printf(a, "%s.vbscheck-partial", path);
}

const char *partial_folder(const char *path, struct arena *a)
{
    const char *slash = strrchr(path, '/');
    size_t n = slash == NULL ? 0 : slash == path ? 1 : (size_t)(slash - path);
    return n == 0 ? "." : arena_text(a, (struct span){(const uint8_t *)path, n});
}

void partial_hold(int fd)
{
    (void)flock(fd, LOCK_EX | LOCK_NB);
}

/* It contains only what this program made: files, and folders of files. */
static void remove_below(int dir, struct arena *a)
{
    const char *const *names;
    size_t n = 0;
    (void)root_list(dir, ".", REMOVE_MAX, a, &names, &n);
    for (size_t i = 0; i < n; i++) {
        if (unlinkat(dir, names[i], 0) == 0)
            continue;
        scoped_fd sub = root_open(dir, names[i], O_DIRECTORY | O_NOFOLLOW);
        if (sub >= 0)
            remove_below(sub, a);
        (void)unlinkat(dir, names[i], AT_REMOVEDIR);
    }
}

bool partial_remove(const char *partial, int fd, struct arena *a)
{
    remove_below(fd, a);
    return rmdir(partial) == 0;
}

static bool is_same(const struct stat *x, const struct stat *y)
{
    return x->st_dev == y->st_dev && x->st_ino == y->st_ino;
}

/* Nobody else removes the name while this process has the lock of what bears it. */
static bool remove_left(const char *partial, const struct stat *found, bool wait, struct arena *a)
{
    struct stat now;
    scoped_fd fd = open(partial, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT;
    if (flock(fd, wait ? LOCK_EX : LOCK_EX | LOCK_NB) != 0) {
        /* Without locks nobody knows whether it is still being written. */
        errno = errno == EWOULDBLOCK ? EBUSY : EEXIST;
        return false;
    }
    if (lstat(partial, &now) != 0)
        return errno == ENOENT;
    if (!is_same(found, &now)) {
        errno = EBUSY;
        return false;
    }
    return S_ISDIR(now.st_mode) ? partial_remove(partial, fd, a) : unlink(partial) == 0;
}

bool partial_clear(const char *partial, bool wait, struct arena *a)
{
    struct stat found;
    if (lstat(partial, &found) != 0)
        return errno == ENOENT;
    if (found.st_uid != geteuid() || (!S_ISREG(found.st_mode) && !S_ISDIR(found.st_mode))) {
        errno = EEXIST;
        return false;
    }
    return remove_left(partial, &found, wait, a);
}

bool partial_flush_folder(const char *path, struct arena *a)
{
    scoped_fd fd = open(partial_folder(path, a), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return errno == EACCES;
    return fsync(fd) == 0 || errno == EINVAL;
}

const char *partial_problem(const char *path, struct arena *a)
{
    if (errno == EBUSY)
        return arena_printf(a, "cannot write %s: another process is writing it", path);
    if (errno == EEXIST)
        return arena_printf(a, "cannot write %s: %s is in the way: delete it", path,
                            partial_name(path, a));
    return arena_printf(a, "cannot write %s: %s", path, strerror(errno));
}
