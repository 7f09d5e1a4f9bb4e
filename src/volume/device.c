/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <unistd.h>

#include "io/root.h"
#include "volume/volume.h"

enum status device_read(const struct volume_device *d, uint64_t at, void *to, size_t n)
{
    uint8_t *p = to;
    if (at > d->size || n > d->size - at)
        return ST_TRUNCATED;
    while (n > 0) {
        ssize_t got = pread(d->fd, p, n, (off_t)(d->start + at));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got == 0 ? ST_TRUNCATED : status_from_errno(errno);
        p += got;
        at += (uint64_t)got;
        n -= (size_t)got;
    }
    return ST_OK;
}

static enum status read_disk(void *context, uint64_t at, void *to, size_t n)
{
    return device_read(context, at, to, n);
}

struct disk device_disk(struct volume_device *d)
{
    return (struct disk){.context = d, .size = d->size, .read = read_disk};
}
