/* SPDX-License-Identifier: MIT */
/* efivarfs (Documentation/filesystems/efivarfs.rst): attributes and data in one write(). */
#include "io/mor/morfiles.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/vfs.h>

#include "io/root.h"
#include "vbscheck/count.h"

#define EFIVARS        "/sys/firmware/efi/efivars"
#define EFIVARFS_MAGIC 0xde5e81e4UL

static const char *const names[] = {
    [MOR_CONTROL] = "MemoryOverwriteRequestControl-e20939be-32d4-41be-a150-897f85d49829",
    [MOR_LOCK] = "MemoryOverwriteRequestControlLock-bb983ccf-151d-40e1-a07b-4a17be168292",
};

static enum status read_variable(void *context, enum mor_variable which, uint8_t *file, size_t *len)
{
    const struct mor_files *f = context;
    scoped_fd fd = openat(f->dir, names[which], O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return status_from_errno(errno);
    ssize_t n = read(fd, file, MOR_FILE_MAX);
    if (n < 0)
        return status_from_errno(errno);
    *len = (size_t)n;
    return ST_OK;
}

/* The kernel marks every variable immutable that it does not know. */
static bool set_flags(const struct mor_files *f, int flags)
{
    scoped_fd fd = openat(f->dir, names[MOR_LOCK], O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    return fd >= 0 && ioctl(fd, FS_IOC_SETFLAGS, &flags) == 0;
}

static bool freeze(void *context)
{
    struct mor_files *f = context;
    close_fd(&f->lock);
    f->lock = -1;
    return !f->immutable || set_flags(f, f->flags);
}

static bool thaw(void *context)
{
    struct mor_files *f = context;
    scoped_fd fd = openat(f->dir, names[MOR_LOCK], O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return false;
    bool known = ioctl(fd, FS_IOC_GETFLAGS, &f->flags) == 0;
    if (known && f->restores)
        f->flags |= FS_IMMUTABLE_FL;
    f->immutable = known && (f->flags & FS_IMMUTABLE_FL) != 0;
    if (f->immutable && !set_flags(f, f->flags & ~FS_IMMUTABLE_FL))
        return false;
    f->lock = openat(f->dir, names[MOR_LOCK], O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    if (f->lock < 0)
        (void)freeze(f);
    return f->lock >= 0;
}

/*
 * EFI_ACCESS_DENIED and EFI_INVALID_PARAMETER both arrive as EINVAL. After any other error (a full
 * store, no memory) nobody knows whether firmware was asked, so its state proves nothing.
 */
static enum mor_sent write_lock(void *context, const uint8_t *key)
{
    const struct mor_files *f = context;
    uint8_t all[4 + MOR_KEY_LEN] = {MOR_ATTRIBUTES};
    memcpy(all + 4, key, MOR_KEY_LEN);
    ssize_t n = write(f->lock, all, sizeof all);
    if (n == (ssize_t)sizeof all)
        return MOR_ACCEPTED;
    return n < 0 && errno == EINVAL ? MOR_REFUSED : MOR_NOT_SENT;
}

void mor_hold_signals(sigset_t *before)
{
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS};
    sigset_t all;
    (void)sigfillset(&all);
    for (size_t i = 0; i < COUNT(faults); i++)
        (void)sigdelset(&all, faults[i]);
    (void)sigprocmask(SIG_BLOCK, &all, before);
}

void mor_release_signals(const sigset_t *before)
{
    (void)sigprocmask(SIG_SETMASK, before, NULL);
}

static void hold(void *context)
{
    mor_hold_signals(&((struct mor_files *)context)->mask);
}

static void release(void *context)
{
    mor_release_signals(&((struct mor_files *)context)->mask);
}

struct mor_store mor_files_store(struct mor_files *f)
{
    return (struct mor_store){
        .context = f,
        .read = read_variable,
        .thaw = thaw,
        .freeze = freeze,
        .write = write_lock,
        .hold = hold,
        .release = release,
    };
}

bool mor_files_open(struct mor_files *out)
{
    struct statfs fs;
    struct mor_files f = {.dir = open(EFIVARS, O_RDONLY | O_DIRECTORY | O_CLOEXEC), .lock = -1};
    if (f.dir >= 0 && fstatfs(f.dir, &fs) == 0 && (unsigned long)fs.f_type == EFIVARFS_MAGIC) {
        *out = f;
        return true;
    }
    close_fd(&f.dir);
    return false;
}

void mor_files_close(struct mor_files *f)
{
    close_fd(&f->lock);
    close_fd(&f->dir);
}
