/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/volume/parts.h"
#include "cli/volume/volume.h"
#include "io/root.h"

/* Splits "disk.img#3"; a file that has exactly this name is that file. */
static void split(const char *path, struct arena *a, struct given *out)
{
    struct stat st;
    const char *hash = strrchr(path, '#');
    uint64_t number = 0;
    *out = (struct given){.path = path, .fd = -1};
    if (hash == NULL || lstat(path, &st) == 0 || !span_number(span_of(hash + 1), &number) ||
        number > UINT16_MAX)
        return;
    out->path = arena_text(a, (struct span){(const uint8_t *)path, (size_t)(hash - path)});
    out->chosen = true;
    out->number = (unsigned)number;
}

bool volume_is(const char *path)
{
    struct arena a;
    struct given g;
    struct stat st;
    arena_init(&a, LIMIT_DATA, NULL);
    split(path, &a, &g);
    bool is = stat(g.path, &st) == 0 && !S_ISDIR(st.st_mode);
    arena_reset(&a);
    return is;
}

/* Checks the file before opening it, since opening a device can act; never opens it for writing. */
enum status given_open(const char *path, struct arena *a, struct given *out, const char **problem)
{
    struct stat st;
    split(path, a, out);
    scoped_fd it = open(out->path, O_PATH | O_CLOEXEC);
    if (it < 0 || fstat(it, &st) != 0) {
        enum status why = status_from_errno(errno);
        *problem = status_meaning(why);
        return why;
    }
    if (!S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode)) {
        *problem = "is neither a folder nor a disk nor an image";
        return ST_UNSUPPORTED;
    }
    out->fd = fd_reopen(it);
    off_t size = out->fd >= 0 ? lseek(out->fd, 0, SEEK_END) : -1;
    if (size < 0) {
        enum status why = status_from_errno(errno);
        close_fd(&out->fd);
        *problem = status_meaning(why);
        return why;
    }
    out->size = (uint64_t)size;
    return ST_OK;
}
