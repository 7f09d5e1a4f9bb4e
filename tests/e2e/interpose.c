/* SPDX-License-Identifier: MIT */
/*
 * Preloaded into the program: counts the calls that save something, and acts at the one it is told.
 * STEPS_AT=N: the call before which (odd) or after which (even) it acts; STEPS_SIGNAL=S: it sends
 * itself that signal; STEPS_ERRNO=E: instead of the call (odd alone) it returns that error.
 * STEPS_FAT=1: no file without a name, no link, no rename with flags, as on FAT.
 * STEPS_EMPTY=1: each report of a judge arrives as an empty result with status 0.
 * STEPS_LOG=FILE: one line for each call. STEPS_FIRMWARE=FOLDER: what stands there for efivarfs and
 * /run/vbscheck, with a lock of revision 2 (or 1, if there is a file "revision-1").
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#define EFIVARS "/sys/firmware/efi/efivars"
#define RUN     "/run/vbscheck"

enum { PATH_ROOM = 4096, ROOM = 2 * PATH_ROOM, LOCK_LEN = 5, WRITE_LEN = 12, FDS = 1024 };

static struct {
    long at, signal, error, count;
    int log;
    pid_t pid; /* of the process that counts: not of its children */
    char firmware[PATH_ROOM];
    bool begun, fat;
    long empties;      /* the results of judges */
    char is_lock[FDS]; /* descriptors of the lock's variable */
} it = {.log = -1};

static long number_of(const char *name)
{
    long n = 0;
    const char *text = getenv(name);
    for (; text != NULL && *text >= '0' && *text <= '9'; text++)
        n = n * 10 + (*text - '0');
    return n;
}

__attribute__((constructor)) static void begin(void)
{
    const char *log = getenv("STEPS_LOG"), *firmware = getenv("STEPS_FIRMWARE");
    it.at = number_of("STEPS_AT");
    it.signal = number_of("STEPS_SIGNAL");
    it.error = number_of("STEPS_ERRNO");
    it.empties = number_of("STEPS_EMPTY");
    it.fat = number_of("STEPS_FAT") != 0;
    it.pid = getpid();
    if (log != NULL)
        it.log = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND, 0666);
    if (firmware != NULL)
        (void)snprintf(it.firmware, sizeof it.firmware, "%s", firmware);
}

/* Steps ------------------------------------------------------------------------------------ */

/* True if the call must fail. Called before and after each call that counts. */
static bool step(const char *name, bool before)
{
    int error = errno;
    if (it.pid != (pid_t)syscall(SYS_getpid))
        return false;
    it.count++;
    if (it.log >= 0 && before)
        (void)dprintf(it.log, "%ld %s\n", it.count, name);
    if (it.count == it.at && it.signal != 0)
        (void)syscall(SYS_kill, it.pid, it.signal);
    errno = error;
    if (it.count == it.at && it.error != 0 && before) {
        errno = (int)it.error;
        return true;
    }
    return false;
}

static const char *path_of(const char *path, char *room)
{
    if (it.firmware[0] == '\0' || path == NULL)
        return path;
    if (strncmp(path, RUN, sizeof RUN - 1) == 0)
        (void)snprintf(room, ROOM, "%s%s", it.firmware, path);
    else if (strcmp(path, EFIVARS) == 0)
        (void)snprintf(room, ROOM, "%s/efivars", it.firmware);
    else
        return path;
    return room;
}

static bool has(const char *name)
{
    char path[ROOM];
    (void)snprintf(path, sizeof path, "%s/%s", it.firmware, name);
    return syscall(SYS_faccessat, AT_FDCWD, path, F_OK) == 0;
}

/* Opening ---------------------------------------------------------------------------------- */

static bool writes(int flags)
{
    return (flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT) != 0;
}

static int open_it(int dir, const char *path, int flags, mode_t mode)
{
    char room[ROOM];
    bool lock = it.firmware[0] != '\0' && strstr(path, "RequestControlLock-") != NULL;
    bool counts = it.begun || writes(flags) || lock;
    it.begun |= counts && (writes(flags) || lock);
    if (lock && writes(flags) && has("immutable")) {
        errno = EPERM;
        return -1;
    }
    if (counts && step("open", true))
        return -1;
    if (it.fat && (flags & O_TMPFILE) == O_TMPFILE) {
        errno = EOPNOTSUPP;
        return -1;
    }
    int fd = (int)syscall(SYS_openat, dir, path_of(path, room), flags, mode);
    if (fd >= 0 && fd < FDS)
        it.is_lock[fd] = lock;
    if (counts && step("open", false))
        return -1;
    return fd;
}

#define OPEN_MODE(flags, last)                                                                     \
    mode_t mode = 0;                                                                               \
    if (((flags) & (O_CREAT | O_TMPFILE)) != 0) {                                                  \
        va_list args;                                                                              \
        va_start(args, last);                                                                      \
        mode = va_arg(args, mode_t);                                                               \
        va_end(args);                                                                              \
    }

int open(const char *path, int flags, ...)
{
    OPEN_MODE(flags, flags)
    return open_it(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    OPEN_MODE(flags, flags)
    return open_it(AT_FDCWD, path, flags, mode);
}

int openat(int dir, const char *path, int flags, ...)
{
    OPEN_MODE(flags, flags)
    return open_it(dir, path, flags, mode);
}

int openat64(int dir, const char *path, int flags, ...)
{
    OPEN_MODE(flags, flags)
    return open_it(dir, path, flags, mode);
}

/* Firmware --------------------------------------------------------------------------------- */

int fstatfs(int fd, struct statfs *out)
{
    long r = syscall(SYS_fstatfs, fd, out);
    if (r == 0 && it.firmware[0] != '\0')
        out->f_type = 0xde5e81e4;
    return (int)r;
}

int fstatfs64(int fd, struct statfs64 *out)
{
    return fstatfs(fd, (struct statfs *)out);
}

int ioctl(int fd, unsigned long request, ...)
{
    va_list args;
    va_start(args, request);
    int *flags = va_arg(args, int *);
    va_end(args);
    char path[ROOM];
    if (it.firmware[0] == '\0' || (request != FS_IOC_GETFLAGS && request != FS_IOC_SETFLAGS))
        return (int)syscall(SYS_ioctl, fd, request, flags);
    if (step("ioctl", true))
        return -1;
    (void)snprintf(path, sizeof path, "%s/immutable", it.firmware);
    if (request == FS_IOC_GETFLAGS)
        *flags = has("immutable") ? FS_IMMUTABLE_FL : 0;
    else if ((*flags & FS_IMMUTABLE_FL) == 0)
        (void)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
    else
        (void)syscall(SYS_close, syscall(SYS_openat, AT_FDCWD, path, O_CREAT | O_WRONLY, 0600));
    return step("ioctl", false) ? -1 : 0;
}

/* The lock's file has no size of its own: what firmware makes of the write is read back. */
static ssize_t write_lock(int fd, const uint8_t *data, size_t n)
{
    char name[ROOM];
    uint8_t lock[LOCK_LEN] = {7}, kept[8] = {0};
    (void)snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    int again = (int)syscall(SYS_openat, AT_FDCWD, name, O_RDWR);
    (void)snprintf(name, sizeof name, "%s/key", it.firmware);
    int key = (int)syscall(SYS_openat, AT_FDCWD, name, O_RDWR | O_CREAT, 0600);
    bool good = n == WRITE_LEN && !has("revision-1") && pread(again, lock, LOCK_LEN, 0) == LOCK_LEN;
    if (good && lock[4] == 0) {
        lock[4] = 2;
        good = pwrite(key, data + 4, 8, 0) == 8;
    } else if (good && lock[4] == 2) {
        lock[4] = pread(key, kept, 8, 0) == 8 && memcmp(kept, data + 4, 8) == 0 ? 0 : 1;
    } else {
        good = false;
    }
    if (good)
        good = pwrite(again, lock, LOCK_LEN, 0) == LOCK_LEN;
    (void)syscall(SYS_close, key);
    (void)syscall(SYS_close, again);
    errno = EINVAL;
    return good ? (ssize_t)n : -1;
}

/* The other calls -------------------------------------------------------------------------- */

/* src/confine/channel.c: kind 0, status, bytes of the two texts, which follow, and marks. */
static ssize_t write_empty(int fd, const void *data, size_t n)
{
    enum { HEAD = 16, HEAD_MAX = 256, REPORT = 100 };
    static const uint8_t nothing[HEAD_MAX];
    uint32_t head[4] = {1};
    if (it.empties == 1 && n >= HEAD && n <= HEAD_MAX)
        memcpy(head, data, sizeof head);
    if (head[0] != 0 || head[2] < REPORT)
        return it.empties == 2 ? (ssize_t)n : syscall(SYS_write, fd, data, n);
    it.empties = 2;
    return syscall(SYS_write, fd, nothing, n);
}

ssize_t write(int fd, const void *data, size_t n)
{
    if (it.empties > 0 && fd == 0 && it.pid != (pid_t)syscall(SYS_getpid))
        return write_empty(fd, data, n);
    bool lock = it.firmware[0] != '\0' && fd >= 0 && fd < FDS && it.is_lock[fd];
    if (!it.begun || fd <= STDERR_FILENO)
        return syscall(SYS_write, fd, data, n);
    if (step("write", true))
        return -1;
    ssize_t r = lock ? write_lock(fd, data, n) : syscall(SYS_write, fd, data, n);
    return step("write", false) ? -1 : r;
}

static int after(const char *name, long result)
{
    return step(name, false) ? -1 : (int)result;
}

int fsync(int fd)
{
    return step("fsync", true) ? -1 : after("fsync", syscall(SYS_fsync, fd));
}

int mkdir(const char *path, mode_t mode)
{
    char room[ROOM];
    if (step("mkdir", true))
        return -1;
    return after("mkdir", syscall(SYS_mkdirat, AT_FDCWD, path_of(path, room), mode));
}

int mkdirat(int dir, const char *path, mode_t mode)
{
    return step("mkdirat", true) ? -1 : after("mkdirat", syscall(SYS_mkdirat, dir, path, mode));
}

static int remove_it(const char *name, int dir, const char *path, int flags)
{
    char room[ROOM];
    if (step(name, true))
        return -1;
    return after(name, syscall(SYS_unlinkat, dir, path_of(path, room), flags));
}

int rmdir(const char *path)
{
    return remove_it("rmdir", AT_FDCWD, path, AT_REMOVEDIR);
}

int unlink(const char *path)
{
    return remove_it("unlink", AT_FDCWD, path, 0);
}

int unlinkat(int dir, const char *path, int flags)
{
    return remove_it("unlinkat", dir, path, flags);
}

int renameat2(int from, const char *name, int to, const char *other, unsigned flags)
{
    char one[ROOM], two[ROOM];
    if (step("rename", true))
        return -1;
    if (it.fat && flags != 0) {
        errno = EINVAL;
        return -1;
    }
    return after("rename",
                 syscall(SYS_renameat2, from, path_of(name, one), to, path_of(other, two), flags));
}

int rename(const char *name, const char *other)
{
    return renameat2(AT_FDCWD, name, AT_FDCWD, other, 0);
}

int linkat(int from, const char *name, int to, const char *other, int flags)
{
    char room[ROOM];
    if (step("linkat", true))
        return -1;
    if (it.fat) {
        errno = EPERM;
        return -1;
    }
    return after("linkat", syscall(SYS_linkat, from, name, to, path_of(other, room), flags));
}

/* Who runs it looks like root, and so do the files. */
uid_t geteuid(void)
{
    return it.firmware[0] != '\0' ? 0 : (uid_t)syscall(SYS_geteuid);
}

static int as_root(int r, struct stat *out)
{
    if (r == 0 && it.firmware[0] != '\0' && out->st_uid == (uid_t)syscall(SYS_geteuid))
        out->st_uid = 0;
    return r;
}

int lstat(const char *path, struct stat *out)
{
    char room[ROOM];
    return as_root(fstatat(AT_FDCWD, path_of(path, room), out, AT_SYMLINK_NOFOLLOW), out);
}

int lstat64(const char *path, struct stat64 *out)
{
    return lstat(path, (struct stat *)out);
}

int stat(const char *path, struct stat *out)
{
    char room[ROOM];
    return as_root(fstatat(AT_FDCWD, path_of(path, room), out, 0), out);
}

int stat64(const char *path, struct stat64 *out)
{
    return stat(path, (struct stat *)out);
}

int fstat(int fd, struct stat *out)
{
    return as_root(fstatat(fd, "", out, AT_EMPTY_PATH), out);
}

int fstat64(int fd, struct stat64 *out)
{
    return fstat(fd, (struct stat *)out);
}
