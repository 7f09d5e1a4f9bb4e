/* SPDX-License-Identifier: MIT */
#include "io/node.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "io/root.h"

static bool is_device(int fd, unsigned major, unsigned minor)
{
    struct stat st;
    return fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) && gnu_dev_major(st.st_rdev) == major &&
           gnu_dev_minor(st.st_rdev) == minor;
}

int node_open(int root, bool live, const char *path, unsigned major, unsigned minor,
              enum status *why)
{
    *why = ST_ABSENT;
    if (!live)
        return -1;
    scoped_fd found = root_open(root, path, O_PATH);
    if (found < 0)
        *why = status_from_errno(errno);
    if (found < 0 || !is_device(found, major, minor))
        return -1;
    int fd = fd_reopen(found);
    if (fd < 0)
        *why = status_from_errno(errno);
    return fd;
}

bool node_is_endless(const char *path)
{
    enum { NULL_MINOR = 3 };
    struct stat st;
    bool null = stat(path, &st) == 0 && S_ISCHR(st.st_mode) &&
                gnu_dev_major(st.st_rdev) == NODE_MEMORY_MAJOR &&
                gnu_dev_minor(st.st_rdev) == NULL_MINOR;
    return !null && node_is(path);
}

bool node_is(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && (S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode));
}
