/* SPDX-License-Identifier: MIT */
#include "io/root.h"
#include "vbscheck/count.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>

enum {
    FIRST_READ = 8 << 10, /* most files end within it */
    OPEN_TRIES = 64,
};

static const struct {
    int error;
    enum status st;
} meanings[] = {
    {EACCES, ST_NO_PERMISSION}, {EPERM, ST_NO_PERMISSION},    {ENOENT, ST_ABSENT},
    {ENOTDIR, ST_ABSENT},       {ENXIO, ST_NO_DRIVER},        {ENODEV, ST_NO_DRIVER},
    {ELOOP, ST_UNSUPPORTED},    {ENAMETOOLONG, ST_TRUNCATED}, {ENOSYS, ST_UNSUPPORTED},
};

enum status status_from_errno(int error)
{
    for (size_t i = 0; i < COUNT(meanings); i++) {
        if (meanings[i].error == error)
            return meanings[i].st;
    }
    return ST_IO_ERROR;
}

static bool is_system_root(int root)
{
    struct stat mine, real;
    return fstat(root, &mine) == 0 && stat("/", &real) == 0 && mine.st_dev == real.st_dev &&
           mine.st_ino == real.st_ino;
}

/*
 * Linux before 5.6, or a container's filter that forbids the call: systemd-nspawn and older ones of
 * Docker answer EPERM, which may as well be about the file.
 */
static bool openat2_is_missing(int error)
{
    struct open_how how = {.flags = O_PATH | O_CLOEXEC};
    if (error != EPERM)
        return error == ENOSYS;
    scoped_fd fd = (int)syscall(SYS_openat2, AT_FDCWD, "/", &how, sizeof how);
    bool missing = fd < 0 && errno == EPERM;
    errno = error;
    return missing;
}

/* Without it: allowed only if there is nothing to escape from, or no link to follow. */
static bool is_safe_without_openat2(int root, const char *path, int flags)
{
    bool is_name = strchr(path, '/') == NULL && strcmp(path, "..") != 0;
    bool safe = (is_name && (flags & O_NOFOLLOW) != 0) || is_system_root(root);
    errno = ENOSYS;
    return safe;
}

int root_open(int root, const char *path, int flags)
{
    /* openat2() refuses any other flag beside O_PATH. */
    int all = O_CLOEXEC | flags;
    if ((flags & O_PATH) == 0)
        all |= O_RDONLY | O_NONBLOCK | O_NOCTTY;
    struct open_how how = {
        .flags = (unsigned)all,
        .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
    };
    /* EAGAIN: a rename or mount anywhere on the system during a walk through "..". */
    for (int i = 0; i < OPEN_TRIES; i++) {
        long fd = syscall(SYS_openat2, root, path, &how, sizeof how);
        if (fd >= 0)
            return (int)fd;
        if (errno != EAGAIN && errno != EINTR)
            break;
    }
    if (!openat2_is_missing(errno) || !is_safe_without_openat2(root, path, all))
        return -1;
    return openat(root, path, all);
}

/* Reads until `room` is full or the file ends. */
static enum status fill(int fd, uint8_t *to, size_t room, size_t *got)
{
    size_t at = 0;
    while (at < room) {
        ssize_t n = read(fd, to + at, room - at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return status_from_errno(errno);
        if (n == 0)
            break;
        at += (size_t)n;
    }
    *got = at;
    return ST_OK;
}

/* Room for the whole file and one more byte, which shows its end without growing. */
static size_t guess_size(int fd, size_t cap)
{
    struct stat st;
    size_t size = 64 << 10;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size >= FIRST_READ)
        size = (size_t)st.st_size + 1;
    return size < cap + 1 ? size : cap + 1;
}

/* Reads the bytes into their final place: nothing of a file is copied. */
static enum status read_long(int fd, size_t cap, struct span head, struct arena *a,
                             struct span *out)
{
    size_t room = guess_size(fd, cap);
    uint8_t *data = arena_alloc(a, room, 1);
    size_t at = head.len;
    memcpy(data, head.ptr, at);
    for (;;) {
        size_t got = 0;
        enum status st = fill(fd, data + at, room - at, &got);
        if (st != ST_OK)
            return st;
        at += got;
        if (at < room || room > cap)
            break;
        room = room * 2 < cap + 1 ? room * 2 : cap + 1;
        data = arena_resize(a, data, room);
    }
    size_t kept = at > cap ? cap : at;
    *out = (struct span){arena_resize(a, data, kept), kept};
    return at > cap ? ST_TRUNCATED : ST_OK;
}

enum status fd_read(int fd, size_t cap, struct arena *a, struct span *out)
{
    uint8_t head[FIRST_READ];
    /* A file that grows ends when its share of memory is used, so that it does not end the run. */
    size_t left = arena_left(a) / 2;
    if (cap > left)
        cap = left;
    size_t room = cap + 1 < sizeof head ? cap + 1 : sizeof head;
    size_t n = 0;
    enum status st = fill(fd, head, room, &n);
    if (st != ST_OK)
        return st;
    if (n == sizeof head && n <= cap)
        return read_long(fd, cap, (struct span){head, n}, a, out);
    size_t kept = n > cap ? cap : n;
    uint8_t *data = arena_alloc(a, kept, 1);
    memcpy(data, head, kept);
    *out = (struct span){data, kept};
    return n > cap ? ST_TRUNCATED : ST_OK;
}

enum status fd_record(int fd, void *buf, size_t room, size_t *n)
{
    ssize_t got;
    do {
        got = read(fd, buf, room);
    } while (got < 0 && errno == EINTR);
    if (got > 0) {
        *n = (size_t)got;
        return ST_OK;
    }
    if (got == 0 || errno == EAGAIN)
        return ST_ABSENT;
    return errno == EPIPE ? ST_TRUNCATED : status_from_errno(errno);
}

enum status fd_read_at(int fd, uint64_t offset, void *buf, size_t n)
{
    errno = 0;
    if (offset > INT64_MAX)
        return ST_IO_ERROR;
    ssize_t got = pread(fd, buf, n, (off_t)offset);
    if (got < 0)
        return status_from_errno(errno);
    return (size_t)got == n ? ST_OK : ST_IO_ERROR;
}

enum status fd_fill_at(int fd, uint64_t offset, void *buf, size_t n, size_t *got)
{
    size_t at = 0;
    int error = 0;
    while (at < n && error == 0 && offset <= (uint64_t)INT64_MAX - at) {
        ssize_t part = pread(fd, (uint8_t *)buf + at, n - at, (off_t)(offset + at));
        if (part == 0)
            break;
        if (part > 0)
            at += (size_t)part;
        else if (errno != EINTR)
            error = errno;
    }
    *got = at;
    return at == 0 && error != 0 ? status_from_errno(error) : ST_OK;
}

int fd_reopen(int fd)
{
    char path[sizeof "/proc/self/fd/" + 3 * sizeof fd];
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    int opened = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (opened < 0 && errno == ENOENT)
        errno = EIO; /* the file is there, but /proc is not */
    return opened;
}

int root_open_file(int root, const char *path, enum status *why)
{
    struct stat st;
    scoped_fd found = root_open(root, path, O_PATH);
    bool exists = found >= 0 && fstat(found, &st) == 0;
    int fd = exists && S_ISREG(st.st_mode) ? fd_reopen(found) : -1;
    if (fd < 0)
        *why = exists && !S_ISREG(st.st_mode) ? ST_UNSUPPORTED : status_from_errno(errno);
    return fd;
}

int root_open_kernels(int root, const char *path, enum status *why)
{
    struct stat st;
    int fd = root_open(root, path, 0);
    if (fd < 0)
        *why = status_from_errno(errno);
    if (fd < 0 || (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)))
        return fd;
    close_fd(&fd);
    *why = ST_UNSUPPORTED;
    return -1;
}

bool root_is_kernels(int root, const char *folder)
{
    struct statfs fs;
    scoped_fd fd = root_open(root, folder, O_PATH | O_DIRECTORY);
    return fd >= 0 && fstatfs(fd, &fs) == 0 &&
           (fs.f_type == PROC_SUPER_MAGIC || fs.f_type == SYSFS_MAGIC);
}

enum status root_read(int root, const char *path, size_t cap, struct arena *a, struct span *out)
{
    enum status st = ST_OK;
    scoped_fd fd = root_open_file(root, path, &st);
    return fd < 0 ? st : fd_read(fd, cap, a, out);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const struct dirent *dir_next(DIR *dir, enum status *st)
{
    const struct dirent *e;
    do {
        errno = 0;
        e = readdir(dir);
    } while (e != NULL && (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0));
    if (e == NULL && errno != 0)
        *st = status_from_errno(errno);
    return e;
}

enum status root_list(int root, const char *path, size_t cap, struct arena *a,
                      const char *const **names, size_t *n)
{
    int fd = root_open(root, path, O_DIRECTORY);
    scoped_dir dir = fd < 0 ? NULL : fdopendir(fd);
    if (dir == NULL) {
        enum status st = status_from_errno(errno);
        close_fd(&fd);
        return st;
    }
    const char **list = NULL;
    size_t used = 0;
    enum status st = ST_OK;
    for (const struct dirent *e; st == ST_OK && (e = dir_next(dir, &st)) != NULL;) {
        if (used == cap) {
            st = ST_TRUNCATED;
            break;
        }
        list = arena_grow(a, list, used, sizeof *list);
        list[used++] = arena_text(a, span_of(e->d_name));
    }
    if (used > 0)
        qsort(list, used, sizeof *list, by_name);
    *names = list;
    *n = used;
    return st;
}

enum status root_exists(int root, const char *path)
{
    scoped_fd fd = root_open(root, path, O_PATH);
    return fd < 0 ? status_from_errno(errno) : ST_OK;
}

const char *path_in(struct arena *a, const char *folder, const char *name)
{
    size_t n = strlen(folder);
    return arena_printf(a, "%s%s%s", folder, n > 0 && folder[n - 1] == '/' ? "" : "/", name);
}
