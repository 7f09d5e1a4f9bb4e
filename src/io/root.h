/* SPDX-License-Identifier: MIT */
/*
 * Reads below a root directory: follows nothing out of it, caps sizes, turns errno into a status.
 */
#ifndef IO_ROOT_H
#define IO_ROOT_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include "vbscheck/arena.h"
#include "vbscheck/span.h"
#include "vbscheck/status.h"

static inline void close_fd(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
}
#define scoped_fd __attribute__((cleanup(close_fd))) int

static inline void close_dir(DIR **dir)
{
    if (*dir != NULL)
        (void)closedir(*dir);
}
#define scoped_dir __attribute__((cleanup(close_dir))) DIR *

/*
 * What a failed open or read means: EACCES and EPERM no-permission, ENOENT and ENOTDIR absent,
 * ENXIO and ENODEV no-driver, ELOOP (a link not followed) unsupported, ENAMETOOLONG truncated,
 * anything else io-error. root.c is the only place where errno is interpreted.
 */
enum status status_from_errno(int error);

/*
 * Opens `path` (relative, without a leading slash) below `root` read-only, with O_CLOEXEC and
 * O_NONBLOCK, and never follows a link out of `root`; adds `flags` (for example O_DIRECTORY).
 * Returns a descriptor, or -1 with errno set.
 */
int root_open(int root, const char *path, int flags);

/*
 * Reads a whole file, opened by root_open_file(), of at most `cap` bytes; a longer file is cut and
 * ST_TRUNCATED.
 * Returns ST_OK, ST_TRUNCATED (both with *out), or why not, with *out untouched.
 */
enum status root_read(int root, const char *path, size_t cap, struct arena *a, struct span *out);

/* The same for an open descriptor. */
enum status fd_read(int fd, size_t cap, struct arena *a, struct span *out);

/*
 * Reads one record of a log device: ST_OK, ST_ABSENT at the end, ST_TRUNCATED if records were
 * overwritten before they could be read (the next call goes on after them), or why not.
 */
enum status fd_record(int fd, void *buf, size_t room, size_t *n);

/*
 * Reads exactly `n` bytes at byte `offset` of a device. ST_OK, or why not; with ST_IO_ERROR errno
 * is the kernel's reason, or 0 if there were fewer bytes.
 */
enum status fd_read_at(int fd, uint64_t offset, void *buf, size_t n);

/*
 * Reads up to `n` bytes at `offset`; *got becomes how many, 0 beyond the end.
 * Returns ST_OK, or why not even one byte could be read.
 */
enum status fd_fill_at(int fd, uint64_t offset, void *buf, size_t n, size_t *got);

/*
 * Opens `path` as root_open() does if it is a regular file. Anything else is ST_UNSUPPORTED and is
 * not opened, since opening alone can act: a device does something, a pipe wakes its writer.
 * Returns a descriptor, or -1 with *why.
 */
int root_open_file(int root, const char *path, enum status *why);

/*
 * The same for a path in one of the kernel's own file systems, where nobody can make a node; it
 * saves three system calls. root_is_kernels() is true if `folder` is one of these: proc or sysfs.
 */
int root_open_kernels(int root, const char *path, enum status *why);
bool root_is_kernels(int root, const char *folder);

/*
 * Opens for reading exactly the file of the O_PATH descriptor `fd`, even if its name now belongs to
 * another file. Returns a descriptor, or -1 with errno set.
 */
int fd_reopen(int fd);

/*
 * Lists the names in a directory, sorted, without "." and ".."; at most `cap` of them (more:
 * ST_TRUNCATED, with the first ones found).
 */
enum status root_list(int root, const char *path, size_t cap, struct arena *a,
                      const char *const **names, size_t *n);

/*
 * The next entry other than "." and "..", or NULL at the end. *st becomes why the folder could not
 * be read further; a folder that was read in part proves no absence.
 */
const struct dirent *dir_next(DIR *dir, enum status *st);

/* ST_OK if `path` exists, else why not. */
enum status root_exists(int root, const char *path);

/* The path of an entry of a folder: with one slash between. */
const char *path_in(struct arena *a, const char *folder, const char *name);

#endif
