/* SPDX-License-Identifier: MIT */
#include "io/input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "io/root.h"
#include "vbscheck/status.h"

/* One line for people: "PATH needs root or a capability". */
static enum status fail(enum status st, const char *path, struct arena *a, const char **problem)
{
    *problem = arena_printf(a, "%s %s", path, status_meaning(st));
    return st;
}

static enum status over(const char *path, const char *what, long cap, const char *unit,
                        struct arena *a, const char **problem)
{
    *problem = arena_printf(a, "%s is too large: %s over %ld%s", path, what, cap, unit);
    return ST_TRUNCATED;
}

static enum status over_file(const char *path, struct arena *a, const char **problem)
{
    return over(path, "a file", RAW_FILE_MAX >> 20, " MiB", a, problem);
}

/* Folders ---------------------------------------------------------------------------------- */

struct reading {
    struct arena *arena;
    const char **problem;
    struct raw_input *out;
    size_t total;
    unsigned depth;
    char name[RAW_NAME_MAX + 1]; /* of the entry at hand, relative to the input */
};

static const char *full_name(const struct reading *r)
{
    return arena_printf(r->arena, "%s/%s", r->out->path, r->name);
}

static enum status add_file(struct reading *r, enum status st, struct span data)
{
    struct raw_input *in = r->out;
    if (in->n == RAW_FILES_MAX)
        return over(in->path, "files", RAW_FILES_MAX, "", r->arena, r->problem);
    r->total += data.len;
    if (r->total > RAW_TOTAL_MAX)
        return over(in->path, "all files together", RAW_TOTAL_MAX >> 20, " MiB", r->arena,
                    r->problem);
    in->files = arena_grow(r->arena, in->files, in->n, sizeof *in->files);
    in->files[in->n++] = (struct raw_file){
        .name = arena_text(r->arena, span_of(r->name)),
        .st = st,
        .data = data,
    };
    return ST_OK;
}

/* A file that cannot be read is an entry with its status, and no failure. */
static enum status read_regular(struct reading *r, int dir, const char *entry)
{
    struct span data = {0};
    scoped_fd fd = root_open(dir, entry, O_NOFOLLOW);
    if (fd < 0)
        return add_file(r, status_from_errno(errno), data);
    struct stat st;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > RAW_FILE_MAX)
        return over_file(full_name(r), r->arena, r->problem);
    enum status how = fd_read(fd, RAW_FILE_MAX, r->arena, &data);
    if (how == ST_TRUNCATED)
        return over_file(full_name(r), r->arena, r->problem);
    return add_file(r, how, data);
}

static unsigned char type_of(int dir, const struct dirent *e)
{
    struct stat st;
    if (e->d_type != DT_UNKNOWN)
        return e->d_type;
    if (fstatat(dir, e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return DT_UNKNOWN;
    return S_ISDIR(st.st_mode) ? DT_DIR : S_ISREG(st.st_mode) ? DT_REG : DT_UNKNOWN;
}

static enum status read_folder(struct reading *r, int fd);

static enum status read_entry(struct reading *r, int dir, const struct dirent *e)
{
    unsigned char type = type_of(dir, e);
    if (type == DT_REG)
        return read_regular(r, dir, e->d_name);
    if (type != DT_DIR) /* links, devices, pipes: not even opened */
        return add_file(r, ST_UNSUPPORTED, (struct span){0});
    if (r->depth == RAW_DEPTH_MAX)
        return over(r->out->path, "folders in folders", RAW_DEPTH_MAX, "", r->arena, r->problem);
    int fd = root_open(dir, e->d_name, O_DIRECTORY | O_NOFOLLOW);
    if (fd < 0)
        return add_file(r, status_from_errno(errno), (struct span){0});
    r->depth++;
    enum status st = read_folder(r, fd);
    r->depth--;
    return st;
}

/* Takes `fd` over. r->name holds the folder's own name, and does again afterwards. */
static enum status read_folder(struct reading *r, int fd)
{
    scoped_dir dir = fdopendir(fd);
    if (dir == NULL) {
        close_fd(&fd);
        return add_file(r, ST_IO_ERROR, (struct span){0});
    }
    size_t len = strlen(r->name);
    enum status st = ST_OK;
    for (const struct dirent *e; st == ST_OK && (e = dir_next(dir, &st)) != NULL;) {
        size_t n = strlen(e->d_name);
        size_t at = len > 0 ? len + 1 : 0;
        if (at + n > RAW_NAME_MAX)
            return over(r->out->path, "a name", RAW_NAME_MAX, " bytes", r->arena, r->problem);
        if (len > 0)
            r->name[len] = '/';
        memcpy(r->name + at, e->d_name, n + 1);
        st = read_entry(r, fd, e);
        r->name[len] = '\0';
    }
    return st;
}

static int by_name(const void *a, const void *b)
{
    const struct raw_file *x = a, *y = b;
    return strcmp(x->name, y->name);
}

/* Single files ----------------------------------------------------------------------------- */

/*
 * Waits until a pipe has a writer: one opened without blocking would otherwise look empty when
 * its writer is not there yet.
 */
static bool make_blocking(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    while (poll(&p, 1, -1) < 0) {
        if (errno != EINTR)
            return false;
    }
    int flags = fcntl(fd, F_GETFL);
    return flags >= 0 && fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) == 0;
}

static enum status read_single(int fd, struct arena *a, struct raw_input *out, const char **problem)
{
    struct span data;
    enum status st = fd_read(fd, RAW_FILE_MAX, a, &data);
    if (st == ST_TRUNCATED)
        return over_file(out->path, a, problem);
    if (st != ST_OK)
        return fail(st, out->path, a, problem);
    out->files = arena_new(a, struct raw_file, 1);
    out->files[0] = (struct raw_file){.name = "", .st = ST_OK, .data = data};
    out->n = 1;
    return ST_OK;
}

static enum status read_opened(int *fd, struct arena *a, struct raw_input *out,
                               const char **problem)
{
    struct stat st;
    if (fstat(*fd, &st) != 0)
        return fail(status_from_errno(errno), out->path, a, problem);
    if (S_ISDIR(st.st_mode)) {
        struct reading r = {.arena = a, .problem = problem, .out = out};
        out->folder = true;
        int dir = *fd;
        *fd = -1;
        enum status how = read_folder(&r, dir);
        if (out->n > 0)
            qsort(out->files, out->n, sizeof *out->files, by_name);
        return how;
    }
    if (S_ISREG(st.st_mode) && st.st_size > RAW_FILE_MAX)
        return over_file(out->path, a, problem);
    if (S_ISREG(st.st_mode) || (S_ISFIFO(st.st_mode) && make_blocking(*fd)))
        return read_single(*fd, a, out, problem);
    *problem = arena_printf(a, "%s is a device; give a file, a folder or \"-\"", out->path);
    return ST_UNSUPPORTED;
}

enum status input_read(const char *path, struct arena *a, struct raw_input *out,
                       const char **problem)
{
    struct raw_input in = {.path = path};
    enum status st;
    if (strcmp(path, "-") == 0) {
        st = read_single(STDIN_FILENO, a, &in, problem);
    } else {
        scoped_fd fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
        st = fd < 0 ? fail(status_from_errno(errno), path, a, problem)
                    : read_opened(&fd, a, &in, problem);
    }
    if (st == ST_OK)
        *out = in;
    return st;
}
