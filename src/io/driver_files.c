/* SPDX-License-Identifier: MIT */
#include "io/driver_files.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "io/node.h"
#include "io/root.h"
#include "vbscheck/count.h"

struct finding_files {
    struct arena *arena;
    struct driver_paths *out;
};

static enum status add_file(struct finding_files *f, const char *path, bool named)
{
    struct driver_paths *l = f->out;
    if (l->n == DRIVER_FILES_MAX)
        return ST_TRUNCATED;
    l->items = arena_grow(f->arena, l->items, l->n, sizeof *l->items);
    l->items[l->n++] = (struct driver_path){path, named};
    return ST_OK;
}

static void add_unread(struct finding_files *f, const char *path, enum status why)
{
    names_add(&f->out->unread, arena_printf(f->arena, "%s %s", path, status_meaning(why)));
}

static enum status find_in(struct finding_files *f, const char *path, int dir, unsigned depth);

static enum status find_entry(struct finding_files *f, const char *folder, int dir,
                              const char *name, unsigned depth)
{
    struct stat st;
    const char *path = path_in(f->arena, folder, name);
    if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return ST_OK; /* gone since */
    if (S_ISREG(st.st_mode))
        return add_file(f, path, false);
    if (!S_ISDIR(st.st_mode))
        return ST_OK;
    scoped_fd fd = root_open(dir, name, O_DIRECTORY | O_NOFOLLOW);
    if (fd < 0 || depth == DRIVER_DEPTH_MAX) {
        add_unread(f, path, fd < 0 ? status_from_errno(errno) : ST_TRUNCATED);
        return ST_OK;
    }
    return find_in(f, path, fd, depth + 1);
}

static enum status find_in(struct finding_files *f, const char *path, int dir, unsigned depth)
{
    const char *const *names;
    size_t n = 0;
    enum status st = root_list(dir, ".", DRIVER_FILES_MAX, f->arena, &names, &n);
    if (st != ST_OK)
        add_unread(f, path, st);
    if (st != ST_OK && st != ST_TRUNCATED)
        return ST_OK;
    st = ST_OK;
    for (size_t i = 0; i < n && st == ST_OK; i++)
        st = find_entry(f, path, dir, names[i], depth);
    return st;
}

enum status driver_files_find(const char *path, struct arena *a, struct driver_paths *out,
                              const char **problem)
{
    struct finding_files f = {a, out};
    struct stat s;
    enum status st = stat(path, &s) == 0 ? ST_OK : status_from_errno(errno);
    if (out->unread.text.arena == NULL)
        names_init(&out->unread, a);
    if (st == ST_OK && S_ISDIR(s.st_mode)) {
        scoped_fd dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        st = dir < 0 ? status_from_errno(errno) : find_in(&f, path, dir, 0);
    } else if (st == ST_OK) {
        st = S_ISREG(s.st_mode) ? add_file(&f, path, true) : ST_UNSUPPORTED;
    }
    if (st == ST_TRUNCATED)
        *problem =
            arena_printf(a, "%s: only the first %d files are looked at", path, DRIVER_FILES_MAX);
    else if (st == ST_UNSUPPORTED)
        *problem = arena_printf(a, "%s is neither a file nor a folder", path);
    else if (st != ST_OK)
        *problem = arena_printf(a, "%s %s", path, status_meaning(st));
    return st;
}

bool driver_file_is_packed(const char *path)
{
    static const char *const ends[] = {".zip", ".cab", ".7z", ".gz", ".tgz", ".xz", ".zst"};
    for (size_t i = 0; i < COUNT(ends); i++) {
        if (span_ends_like(span_of(path), ends[i]))
            return true;
    }
    return false;
}

/*
 * Only a handful of a driver's pages are looked at, most of them near its ends: the kernel fetches
 * these while others are looked at, and nothing around the rest. Ordinary read-ahead reads all of
 * most drivers (477 of 477 MiB in 5,000 files, against 134).
 */
static void read_sparsely(int fd, void *at, size_t size)
{
    enum { PAGE = 4096, TAIL = 6 * PAGE };
    size_t tail = size > TAIL ? (size - TAIL) / PAGE * PAGE : 0;
    (void)madvise(at, size, MADV_RANDOM);
    (void)posix_fadvise(fd, 0, PAGE, POSIX_FADV_WILLNEED);
    (void)posix_fadvise(fd, (off_t)tail, (off_t)(size - tail), POSIX_FADV_WILLNEED);
}

enum status driver_file_map(const struct driver_path *file, bool whole, struct span *out)
{
    struct stat st;
    int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (file->named ? 0 : O_NOFOLLOW);
    if (node_is(file->path))
        return ST_UNSUPPORTED;
    scoped_fd fd = open(file->path, flags);
    if (fd < 0 || fstat(fd, &st) != 0)
        return status_from_errno(errno);
    if (!S_ISREG(st.st_mode))
        return ST_UNSUPPORTED;
    if (st.st_size > DRIVER_FILE_MAX)
        return ST_TRUNCATED;
    *out = (struct span){0};
    if (st.st_size == 0)
        return ST_OK;
    void *at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (at == MAP_FAILED)
        return status_from_errno(errno);
    if (!whole && !driver_file_is_packed(file->path))
        read_sparsely(fd, at, (size_t)st.st_size);
    *out = (struct span){at, (size_t)st.st_size};
    return ST_OK;
}

void driver_file_unmap(struct span *data)
{
    void *at;
    if (data->len == 0)
        return;
    memcpy(&at, &data->ptr, sizeof at); /* munmap() does not accept a pointer to const */
    (void)munmap(at, data->len);
    *data = (struct span){0};
}
