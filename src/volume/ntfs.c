/* SPDX-License-Identifier: MIT */
/* Gives libntfs-3g access to the bytes: reading, and nothing else. */
#include <stdlib.h>

#include "io/ntfs_lib.h"
#include "volume/volume.h"

#if VBSCHECK_HAVE_LIBNTFS_3G

static struct volume_device *device_of(struct ntfs_device *dev)
{
    return dev->d_private;
}

static int dev_open(struct ntfs_device *dev, int flags)
{
    (void)flags;
    NDevSetOpen(dev);
    NDevSetReadOnly(dev);
    return 0;
}

static int dev_close(struct ntfs_device *dev)
{
    dev->d_state &= ~(1UL << ND_Open);
    return 0;
}

static s64 dev_seek(struct ntfs_device *dev, s64 offset, int whence)
{
    struct volume_device *d = device_of(dev);
    s64 base = whence == SEEK_END ? (s64)d->size : whence == SEEK_CUR ? (s64)d->at : 0;
    if (offset > INT64_MAX - base || offset + base < 0) {
        errno = EINVAL;
        return -1;
    }
    d->at = (uint64_t)(base + offset);
    return base + offset;
}

static s64 dev_pread(struct ntfs_device *dev, void *buf, s64 count, s64 offset)
{
    const struct volume_device *d = device_of(dev);
    if (count < 0 || offset < 0) {
        errno = EINVAL;
        return -1;
    }
    /* There is nothing beyond the end: the image was cut. */
    if (device_read(d, (uint64_t)offset, buf, (size_t)count) != ST_OK) {
        errno = EIO;
        return -1;
    }
    return count;
}

static s64 dev_read(struct ntfs_device *dev, void *buf, s64 count)
{
    struct volume_device *d = device_of(dev);
    s64 got = dev_pread(dev, buf, count, (s64)d->at);
    d->at += got > 0 ? (uint64_t)got : 0;
    return got;
}

static s64 dev_write(struct ntfs_device *dev, const void *buf, s64 count)
{
    (void)dev;
    (void)buf;
    (void)count;
    errno = EROFS;
    return -1;
}

static s64 dev_pwrite(struct ntfs_device *dev, const void *buf, s64 count, s64 offset)
{
    (void)offset;
    return dev_write(dev, buf, count);
}

static int dev_sync(struct ntfs_device *dev)
{
    (void)dev;
    return 0;
}

static int dev_stat(struct ntfs_device *dev, struct stat *buf)
{
    const struct volume_device *d = device_of(dev);
    *buf = (struct stat){.st_mode = S_IFREG, .st_size = (off_t)d->size};
    return 0;
}

static int dev_ioctl(struct ntfs_device *dev, unsigned long request, void *argp)
{
    (void)dev;
    (void)request;
    (void)argp;
    errno = EOPNOTSUPP;
    return -1;
}

/* The library's type has no const. */
static struct ntfs_device_operations *make_calls(struct arena *a)
{
    struct ntfs_device_operations *ops = arena_new(a, struct ntfs_device_operations, 1);
    *ops = (struct ntfs_device_operations){
        .open = dev_open,
        .close = dev_close,
        .seek = dev_seek,
        .read = dev_read,
        .write = dev_write,
        .pread = dev_pread,
        .pwrite = dev_pwrite,
        .sync = dev_sync,
        .stat = dev_stat,
        .ioctl = dev_ioctl,
    };
    return ops;
}

/* Do $LogFile's restart areas show that the volume was unmounted cleanly? */
static bool log_is_clean(const struct ntfs_lib *l, ntfs_volume *vol)
{
    bool clean = false;
    RESTART_PAGE_HEADER *pages = NULL;
    ntfs_inode *ni = l->ntfs_inode_open(vol, FILE_LogFile);
    ntfs_attr *na = ni != NULL ? l->ntfs_attr_open(ni, AT_DATA, NULL, 0) : NULL;
    if (na != NULL)
        clean = l->ntfs_check_logfile(na, &pages) && l->ntfs_is_logfile_clean(na, pages);
    free(pages);
    if (na != NULL)
        l->ntfs_attr_close(na);
    if (ni != NULL)
        (void)l->ntfs_inode_close(ni);
    return clean;
}

enum status volume_open(const struct ntfs_lib *lib, const struct volume_device *device,
                        struct arena *a, struct volume *out)
{
    struct ntfs_device_operations *calls = make_calls(a);
    *out = (struct volume){.lib = lib, .device = *device};
    lib->ntfs_log_set_handler(lib->ntfs_log_handler_null);
    (void)lib->ntfs_set_char_encoding("utf8");
    struct ntfs_device *dev = lib->ntfs_device_alloc("volume", 0, calls, &out->device);
    if (dev == NULL)
        return ST_IO_ERROR;
    ntfs_volume *vol = lib->ntfs_device_mount(dev, NTFS_MNT_RDONLY | NTFS_MNT_FORENSIC);
    if (vol == NULL) {
        enum status st = errno == EIO ? ST_IO_ERROR : ST_MALFORMED;
        (void)lib->ntfs_device_free(dev);
        return st;
    }
    (void)lib->ntfs_set_ignore_case(vol);
    out->ntfs = vol;
    /* The second flag: chkdsk began, and did not finish. */
    out->state.dirty = (vol->flags & (VOLUME_IS_DIRTY | VOLUME_CHKDSK_UNDERWAY)) != 0;
    out->state.unwritten = !log_is_clean(lib, vol);
    return ST_OK;
}

void volume_close(struct volume *v)
{
    if (v->ntfs != NULL)
        (void)v->lib->ntfs_umount(v->ntfs, TRUE);
    v->ntfs = NULL;
}

#else

enum status volume_open(const struct ntfs_lib *lib, const struct volume_device *device,
                        struct arena *a, struct volume *out)
{
    (void)a;
    *out = (struct volume){.lib = lib, .device = *device};
    return ST_UNSUPPORTED;
}

void volume_close(struct volume *v)
{
    (void)v;
}
#endif
