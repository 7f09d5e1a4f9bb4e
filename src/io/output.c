/* SPDX-License-Identifier: MIT */
#include "io/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/root.h"

static enum status fail(const char *what, const char *path, struct arena *a, const char **problem)
{
    *problem = arena_printf(a, "cannot %s %s: %s", what, path, strerror(errno));
    return ST_IO_ERROR;
}

/* Devices and pipes (/dev/null, /dev/stdout) cannot be replaced: they are written to. */
static bool is_special(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

/* The file behind a link, so that the file is replaced and not the link. */
static const char *behind_links(const char *path, struct arena *a)
{
    char *real = realpath(path, NULL);
    if (real == NULL)
        return path;
    const char *kept = arena_text(a, span_of(real));
    free(real);
    return kept;
}

enum status output_open(const char *path, struct arena *a, struct output *out, const char **problem)
{
    if (path == NULL) {
        *out = (struct output){.fd = STDOUT_FILENO};
        return ST_OK;
    }
    struct output o = {.path = path};
    if (is_special(path)) {
        o.fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    } else {
        o.path = behind_links(path, a);
        struct stat st;
        if (stat(o.path, &st) == 0 && S_ISDIR(st.st_mode)) {
            errno = EISDIR;
            return fail("write", path, a, problem);
        }
        o.temporary = arena_printf(a, "%s.partial-%ld", o.path, (long)getpid());
        o.fd = open(o.temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
    }
    if (o.fd < 0)
        return fail("write", path, a, problem);
    *out = o;
    return ST_OK;
}

enum status output_write(struct output *o, struct span data, struct arena *a, const char **problem)
{
    while (data.len > 0) {
        ssize_t n = write(o->fd, data.ptr, data.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail("write", o->path != NULL ? o->path : "standard output", a, problem);
        data = span_skip(data, (size_t)n);
    }
    return ST_OK;
}

enum status output_commit(struct output *o, struct arena *a, const char **problem)
{
    if (o->path == NULL)
        return ST_OK;
    if (o->temporary != NULL && fsync(o->fd) != 0)
        return fail("write", o->path, a, problem);
    int fd = o->fd;
    o->fd = -1;
    if (close(fd) != 0)
        return fail("write", o->path, a, problem);
    if (o->temporary != NULL && rename(o->temporary, o->path) != 0)
        return fail("replace", o->path, a, problem);
    o->temporary = NULL;
    return ST_OK;
}

void output_abandon(struct output *o)
{
    if (o->path != NULL)
        close_fd(&o->fd);
    o->fd = -1;
    if (o->temporary != NULL)
        (void)unlink(o->temporary);
    o->temporary = NULL;
}
