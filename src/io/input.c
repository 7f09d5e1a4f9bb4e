/* SPDX-License-Identifier: MIT */
#include "io/input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "io/alarm.h"
#include "io/node.h"
#include "io/pipe.h"
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

struct reading {
    struct arena *arena;
    const char **problem;
    struct raw_input *out;
    int64_t deadline; /* 0: not yet set, since nobody knows when the first byte comes */
    size_t total;
    unsigned depth;
    bool bundle;                 /* from another tool: only possible evidence is read */
    char name[RAW_NAME_MAX + 1]; /* of the current entry, relative to the input */
};

/* Bytes ------------------------------------------------------------------------------------ */

static bool is_late(const struct reading *r)
{
    return r->deadline != 0 && pipe_deadline(0) >= r->deadline;
}

static enum status late(const struct reading *r)
{
    *r->problem =
        arena_printf(r->arena, "reading %s takes more than %d s", r->out->path, LIMIT_WALL_SECONDS);
    return ST_TRUNCATED;
}

/* Waits for bytes, the end or an error; a pipe without a writer waits for a writer. */
static enum status wait_for_data(const struct reading *r, int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    while (!is_late(r)) {
        int64_t left = r->deadline != 0 ? r->deadline - pipe_deadline(0) : -1;
        int n = poll(&p, 1, (int)left);
        if (n > 0)
            return ST_OK;
        if (n < 0 && errno != EINTR)
            return status_from_errno(errno);
    }
    return late(r);
}

/* poll() means nothing for a regular file, until a read reports that it would wait. */
static enum status read_some(struct reading *r, int fd, bool *waits, uint8_t *to, size_t room,
                             size_t *got)
{
    for (;;) {
        enum status st = *waits ? wait_for_data(r, fd) : ST_OK;
        if (st != ST_OK)
            return st;
        if (is_late(r))
            return late(r);
        ssize_t n = read(fd, to, room);
        if (n >= 0) {
            *got = (size_t)n;
            return ST_OK;
        }
        if (errno != EINTR && errno != EAGAIN)
            return status_from_errno(errno);
        *waits = *waits || errno == EAGAIN;
    }
}

/*
 * Reads a whole file or stream, of which `head` was read before. Returns ST_OK; ST_TRUNCATED, with
 * *problem, over a limit; or why it cannot be read.
 */
static enum status read_bytes(struct reading *r, int fd, const char *path, struct span head,
                              struct span *out)
{
    enum { FIRST = 16 << 10 };
    size_t n = head.len, room = head.len + FIRST, got = 0, most = RAW_TOTAL_MAX - r->total;
    uint8_t *data = arena_alloc(r->arena, room, 1);
    if (n > 0)
        memcpy(data, head.ptr, n);
    struct stat st;
    bool waits = fstat(fd, &st) != 0 || !S_ISREG(st.st_mode);
    for (;;) {
        enum status how = read_some(r, fd, &waits, data + n, room - n, &got);
        if (how != ST_OK || got == 0) {
            *out = (struct span){arena_resize(r->arena, data, n), n};
            return how;
        }
        n += got;
        if (r->deadline == 0)
            r->deadline = pipe_deadline(LIMIT_WALL_SECONDS);
        if (n > most)
            return over_file(path, r->arena, r->problem);
        if (n == room) {
            room = room < most / 2 ? room * 2 : most + 1;
            data = arena_resize(r->arena, data, room);
        }
    }
}

/* Folders ---------------------------------------------------------------------------------- */

static const char *full_name(const struct reading *r)
{
    return arena_printf(r->arena, "%s/%s", r->out->path, r->name);
}

static enum status over_total(const struct reading *r)
{
    return over(r->out->path, "all files together", RAW_TOTAL_MAX >> 20, " MiB", r->arena,
                r->problem);
}

static enum status add_file(struct reading *r, enum status st, struct span data)
{
    struct raw_input *in = r->out;
    if (in->n == RAW_FILES_MAX)
        return over(in->path, "files", RAW_FILES_MAX, "", r->arena, r->problem);
    r->total += data.len;
    in->files = arena_grow(r->arena, in->files, in->n, sizeof *in->files);
    in->files[in->n++] = (struct raw_file){
        .name = arena_text(r->arena, span_of(r->name)),
        .st = st,
        .data = data,
    };
    return ST_OK;
}

/* A file that cannot be read becomes an entry with its status; that is not a failure. */
static enum status read_regular(struct reading *r, int dir, const char *entry)
{
    struct span data = {0};
    struct stat st;
    scoped_fd fd = root_open(dir, entry, O_NOFOLLOW);
    if (is_late(r))
        return late(r);
    if (fd < 0)
        return add_file(r, status_from_errno(errno), data);
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return add_file(r, ST_UNSUPPORTED, data);
    if (st.st_size > RAW_FILE_MAX)
        return over_file(full_name(r), r->arena, r->problem);
    if ((size_t)st.st_size > RAW_TOTAL_MAX - r->total)
        return over_total(r);
    enum status how = read_bytes(r, fd, full_name(r), (struct span){0}, &data);
    return how == ST_TRUNCATED ? how : add_file(r, how, how == ST_OK ? data : (struct span){0});
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
    if (type == DT_DIR && r->bundle && bundle_leaves_folder_out(r->name))
        return ST_OK;
    if (type != DT_DIR && r->bundle && bundle_leaves_out(r->name, true)) {
        r->out->left_out++;
        return ST_OK;
    }
    if (type == DT_REG)
        return read_regular(r, dir, e->d_name);
    if (type != DT_DIR) /* links, devices and pipes are not even opened */
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

/* Takes ownership of `fd`. r->name holds the folder's own name, before and after. */
static enum status read_folder(struct reading *r, int fd)
{
    scoped_dir dir = fdopendir(fd);
    if (dir == NULL) {
        close_fd(&fd);
        return add_file(r, ST_IO_ERROR, (struct span){0});
    }
    size_t len = strlen(r->name);
    enum status listed = ST_OK, st = ST_OK;
    for (const struct dirent *e; st == ST_OK && (e = dir_next(dir, &listed)) != NULL;) {
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
    if (st == ST_OK && is_late(r))
        return late(r);
    if (st == ST_OK && listed != ST_OK)
        return fail(listed, full_name(r), r->arena, r->problem);
    return st;
}

static int by_name(const void *a, const void *b)
{
    const struct raw_file *x = a, *y = b;
    return strcmp(x->name, y->name);
}

/* Inputs ----------------------------------------------------------------------------------- */

static enum status read_single(struct reading *r, int fd, struct span head)
{
    struct raw_input *in = r->out;
    struct span data;
    enum status st = read_bytes(r, fd, in->path, head, &data);
    if (st == ST_TRUNCATED)
        return st;
    if (st != ST_OK)
        return fail(st, in->path, r->arena, r->problem);
    in->files = arena_new(r->arena, struct raw_file, 1);
    in->files[0] = (struct raw_file){.name = "", .st = ST_OK, .data = data};
    in->n = 1;
    return ST_OK;
}

/* Keeps an archive open that is too large for memory, and reads only its head. */
static enum status read_head(struct reading *r, int *fd, off_t size)
{
    struct raw_input *in = r->out;
    uint8_t *head = arena_alloc(r->arena, RAW_HEAD, 1);
    ssize_t n = pread(*fd, head, RAW_HEAD, 0);
    struct span data = {head, n > 0 ? (size_t)n : 0};
    if (size > RAW_STREAM_MAX || !load_is_archive(data))
        return over_file(in->path, r->arena, r->problem);
    in->files = arena_new(r->arena, struct raw_file, 1);
    in->files[0] = (struct raw_file){.name = "", .st = ST_OK, .data = data};
    in->n = 1;
    in->stream = arena_new(r->arena, struct raw_stream, 1);
    *in->stream = (struct raw_stream){.fd = *fd, .size = (uint64_t)size};
    *fd = -1;
    return ST_OK;
}

/* An unpacked bundle from another tool: sos or supportconfig. */
static bool is_bundle(int dir)
{
    struct stat st;
    return fstatat(dir, "sos_commands", &st, AT_SYMLINK_NOFOLLOW) == 0 ||
           fstatat(dir, "basic-environment.txt", &st, AT_SYMLINK_NOFOLLOW) == 0;
}

static enum status refuse_device(const struct reading *r)
{
    *r->problem =
        arena_printf(r->arena, "%s is a device; give a file, a folder or \"-\"", r->out->path);
    return ST_UNSUPPORTED;
}

static enum status read_opened(struct reading *r, int *fd, bool found)
{
    struct raw_input *in = r->out;
    struct stat st;
    if (fstat(*fd, &st) != 0)
        return fail(status_from_errno(errno), in->path, r->arena, r->problem);
    if (S_ISDIR(st.st_mode)) {
        in->folder = true;
        int dir = *fd;
        r->bundle = is_bundle(dir);
        *fd = -1;
        enum status how = read_folder(r, dir);
        if (in->n > 0)
            qsort(in->files, in->n, sizeof *in->files, by_name);
        return how;
    }
    if (S_ISREG(st.st_mode) && st.st_size > RAW_FILE_MAX)
        return read_head(r, fd, st.st_size);
    if (S_ISREG(st.st_mode) || (S_ISFIFO(st.st_mode) && !found))
        return read_single(r, *fd, (struct span){0});
    return refuse_device(r);
}

/* Is this still the folder that was looked through, and not another in its place? */
static bool is_folder(int fd, struct folder_id id)
{
    struct stat st;
    return fstat(fd, &st) == 0 && st.st_dev == id.device && st.st_ino == id.inode;
}

/* Opens step by step what was found below a folder, so that no step follows a link. */
static int open_found(const struct input_item *item, struct arena *a)
{
    const char *top = arena_text(a, (struct span){(const uint8_t *)item->path, item->named});
    const char *rest = item->path + item->named;
    int fd = open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0 && !is_folder(fd, item->folder)) {
        close_fd(&fd);
        errno = ENOENT;
        return -1;
    }
    while (fd >= 0 && *(rest += strspn(rest, "/")) != '\0') {
        size_t n = strcspn(rest, "/");
        const char *step = arena_text(a, (struct span){(const uint8_t *)rest, n});
        int next = root_open(fd, step, O_NOFOLLOW);
        int error = errno;
        close_fd(&fd);
        errno = error;
        fd = next;
        rest += n;
    }
    return fd;
}

static enum status read_named(struct reading *r, const struct input_item *item)
{
    bool found = item->path[item->named] != '\0';
    if (!found && node_is(item->path))
        return refuse_device(r);
    scoped_fd fd = found ? open_found(item, r->arena)
                         : open(item->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 && is_late(r))
        return late(r);
    return fd < 0 ? fail(status_from_errno(errno), item->path, r->arena, r->problem)
                  : read_opened(r, &fd, found);
}

void input_close(struct raw_input *in)
{
    if (in->stream != NULL)
        close_fd(&in->stream->fd);
}

enum status input_read(const struct input_item *item, struct arena *a, struct raw_input *out,
                       const char **problem)
{
    struct raw_input in = {.path = item->path};
    struct reading r = {.arena = a, .problem = problem, .out = &in};
    enum status st;
    if (strcmp(item->path, "-") == 0) {
        st = read_single(&r, STDIN_FILENO, (struct span){0});
    } else {
        r.deadline = pipe_deadline(LIMIT_WALL_SECONDS);
        alarm_set(LIMIT_WALL_SECONDS);
        st = read_named(&r, item);
        alarm_set(0);
    }
    if (st == ST_OK)
        *out = in;
    return st;
}

enum status input_read_rest(struct span head, struct arena *a, struct raw_input *out,
                            const char **problem)
{
    struct raw_input in = {.path = "-"};
    struct reading r = {.arena = a, .problem = problem, .out = &in};
    if (head.len > 0)
        r.deadline = pipe_deadline(LIMIT_WALL_SECONDS);
    enum status st = read_single(&r, STDIN_FILENO, head);
    if (st == ST_OK)
        *out = in;
    return st;
}
