/* SPDX-License-Identifier: MIT */
#include "io/save/newfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/hold.h"
#include "io/pipe.h"
#include "io/root.h"
#include "io/save/partial.h"

/* How often a name is tried that other processes take, one after another. */
enum { TRIES = 16 };

static int create(const char *path, mode_t mode)
{
    return open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
}

/* FAT, NFS: a file whose name is removed at once. */
static int create_and_unlink(const char *partial, mode_t mode, struct arena *a)
{
    sigset_t before;
    if (!partial_clear(partial, true, a))
        return -1;
    hold_signals(&before);
    int fd = create(partial, mode);
    if (fd >= 0)
        (void)unlink(partial);
    release_signals(&before);
    return fd;
}

enum status newfile_open(const char *path, mode_t mode, struct arena *a, struct newfile *out,
                         const char **problem)
{
    /* What an earlier run left; if it is not free, that matters only where the name is needed. */
    (void)partial_clear(partial_name(path, a), false, a);
    int fd = open(partial_folder(path, a), O_TMPFILE | O_RDWR | O_CLOEXEC, mode);
    if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == ENOENT))
        fd = create_and_unlink(partial_name(path, a), mode, a);
    if (fd < 0) {
        *problem = partial_problem(path, a);
        return ST_IO_ERROR;
    }
    partial_hold(fd);
    *out = (struct newfile){path, fd};
    return ST_OK;
}

/* The end ---------------------------------------------------------------------------------- */

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

static bool link_to(int fd, const char *name, struct arena *a)
{
    const char *self = arena_printf(a, "/proc/self/fd/%d", fd);
    return linkat(AT_FDCWD, self, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0;
}

/* A file system without links of nameless files, or no /proc: the bytes are copied. */
static bool copy_to(int *fd, const char *name)
{
    struct stat st;
    int copy = fstat(*fd, &st) == 0 ? create(name, st.st_mode & 0777) : -1;
    if (copy < 0)
        return false;
    partial_hold(copy);
    if (!copy_all(*fd, copy) || fsync(copy) != 0) {
        unlink_quietly(name);
        close_fd(&copy);
        return false;
    }
    close_fd(fd);
    *fd = copy;
    return true;
}

static bool rename_it(const char *partial, const char *path, bool replaces)
{
    if (!replaces && renameat2(AT_FDCWD, partial, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
        return true;
    /* EINVAL: a file system without the flag */
    return (replaces || errno == EINVAL) && rename(partial, path) == 0;
}

enum naming { NAMED, TAKEN, EXISTS, FAILED };

/* Signals are held. */
static enum naming name_as(struct newfile *f, const char *partial, bool replaces, struct arena *a)
{
    bool named = link_to(f->fd, partial, a);
    if (!named && errno != EEXIST)
        named = copy_to(&f->fd, partial);
    if (!named)
        return errno == EEXIST ? TAKEN : FAILED;
    if (rename_it(partial, f->path, replaces))
        return NAMED;
    unlink_quietly(partial);
    return errno == EEXIST && !replaces ? EXISTS : FAILED;
}

/* Through the name beside it; TAKEN: another process has that name now. */
static enum naming name_through(struct newfile *f, bool replaces, struct arena *a)
{
    sigset_t before;
    const char *partial = partial_name(f->path, a);
    if (!partial_clear(partial, true, a))
        return errno == EBUSY ? TAKEN : FAILED;
    hold_signals(&before);
    enum naming n = name_as(f, partial, replaces, a);
    release_signals(&before);
    return n;
}

/* Where the name is free a link is enough, and no other name is ever there. */
static enum naming name_it(struct newfile *f, bool replaces, struct arena *a)
{
    if (link_to(f->fd, f->path, a))
        return NAMED;
    if (errno == EEXIST && !replaces)
        return EXISTS;
    enum naming n = TAKEN;
    for (int i = 0; n == TAKEN && i < TRIES; i++)
        n = name_through(f, replaces, a);
    if (n == TAKEN)
        errno = EBUSY;
    return n;
}

enum status newfile_commit(struct newfile *f, bool replaces, bool *exists, struct arena *a,
                           const char **problem)
{
    enum naming n = fsync(f->fd) == 0 ? name_it(f, replaces, a) : FAILED;
    *exists = n == EXISTS;
    if (n != NAMED) {
        *problem = partial_problem(f->path, a);
        newfile_abandon(f);
        return ST_IO_ERROR;
    }
    /*
     * btrfs keeps no log of a file without a name (fs/btrfs/tree-log.c, btrfs_log_inode_parent), so
     * it need not keep the bytes when only the folder is written now. (Linux 6.18 does.)
     */
    bool kept = fsync(f->fd) == 0 && partial_flush_folder(f->path, a);
    if (!kept)
        *problem = arena_printf(a, "%s is written, but the disk may not keep it: %s", f->path,
                                strerror(errno));
    newfile_abandon(f);
    return kept ? ST_OK : ST_IO_ERROR;
}

void newfile_abandon(struct newfile *f)
{
    close_fd(&f->fd);
    f->fd = -1;
}
