/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "io/root.h"
#include "io/windows/source.h"
#include "vbscheck/count.h"
#include "vbscheck/out.h"

struct handing {
    const struct windows_sink *sink;
    const struct windows_wish *wish;
    struct arena *arena;
    size_t n; /* files of this wish */
    bool more;
};

static void hand(struct handing *h, const char *path, enum windows_state s, struct span bytes)
{
    const struct windows_file f = {h->wish->kind, path, s, bytes};
    h->more = h->more && h->sink->take(h->sink->context, &f);
}

/* For an error of the file system. */
static enum windows_state state_of(int error)
{
    if (error == ENOENT)
        return WINDOWS_ABSENT; /* not ENOTDIR: that is a link, to elsewhere, in place of a folder */
    /* Linux's ntfs3 returns EOPNOTSUPP for a WOF file (fs/ntfs3/file.c). */
    return error == EOPNOTSUPP ? WINDOWS_COMPRESSED : WINDOWS_UNREADABLE;
}

/*
 * ntfs-3g shows a reparse point that it does not know as a link to a text with its tag
 * (libntfs-3g/reparse.c); 0x80000017 is IO_REPARSE_TAG_WOF of [MS-FSCC] 2.1.2.1.
 */
static enum windows_state state_of_link(int dir, const char *name)
{
    char to[128];
    ssize_t n = readlinkat(dir, name, to, sizeof to - 1);
    to[n > 0 ? n : 0] = '\0';
    return strstr(to, "reparse tag") != NULL && strstr(to, "80000017") != NULL ? WINDOWS_COMPRESSED
                                                                               : WINDOWS_UNREADABLE;
}

static enum windows_state map(int fd, const struct windows_wish *w, off_t size, struct span *out)
{
    uint64_t n = (uint64_t)size;
    if (n > w->cap && w->cap > 0 && !w->head)
        return WINDOWS_TOO_LARGE;
    n = n < w->cap ? n : w->cap;
    if (n == 0)
        return WINDOWS_WHOLE;
    /* The first byte shows whether the file can be read; a mapping would show that only later. */
    char first;
    if (pread(fd, &first, 1, 0) < 0)
        return state_of(errno);
    void *at = mmap(NULL, (size_t)n, PROT_READ, MAP_PRIVATE, fd, 0);
    if (at == MAP_FAILED)
        return state_of(errno);
    *out = (struct span){at, (size_t)n};
    return WINDOWS_WHOLE;
}

/* Hands over a file of `dir`, by its name there. */
static void hand_file(struct handing *h, int dir, const char *name, const char *path)
{
    struct stat st;
    struct span bytes = {0};
    scoped_fd it = root_open(dir, name, O_PATH | O_NOFOLLOW);
    if (it < 0 || fstat(it, &st) != 0) {
        hand(h, path, state_of(errno), bytes);
        return;
    }
    if (S_ISLNK(st.st_mode)) {
        hand(h, path, state_of_link(dir, name), bytes);
        return;
    }
    if (!S_ISREG(st.st_mode)) {
        hand(h, path, WINDOWS_UNREADABLE, bytes);
        return;
    }
    scoped_fd fd = h->wish->cap > 0 ? fd_reopen(it) : -1;
    if (h->wish->cap > 0 && fd < 0)
        hand(h, path, state_of(errno), bytes);
    else {
        enum windows_state s = map(fd, h->wish, st.st_size, &bytes);
        hand(h, path, s, bytes);
    }
}

/* Looking names up ------------------------------------------------------------------------- */

/* The name in `dir` that Windows would find for `wanted`: exact, or in other case. */
static const char *spelling(int dir, const char *wanted, struct arena *a)
{
    struct stat st;
    const char *const *names;
    size_t n = 0;
    if (fstatat(dir, wanted, &st, AT_SYMLINK_NOFOLLOW) == 0)
        return wanted;
    (void)root_list(dir, ".", WINDOWS_FILES_MAX, a, &names, &n);
    for (size_t i = 0; i < n; i++) {
        if (span_like(span_of(names[i]), span_of(wanted)))
            return names[i];
    }
    return NULL;
}

/* The folder of the last part of a path, and its spelling on the disk. */
struct place {
    int dir; /* the caller closes it; -1: errno holds the reason */
    const char *name;
    struct out path;
};

static bool is_name(const char *s)
{
    return s[0] != '\0' && strcmp(s, ".") != 0 && strcmp(s, "..") != 0;
}

/* Enters the folder `name` of *dir, and closes *dir. */
static bool enter(int *dir, const char *name)
{
    int next = root_open(*dir, name, O_DIRECTORY | O_NOFOLLOW);
    int error = errno;
    close_fd(dir);
    *dir = next;
    errno = error;
    return next >= 0;
}

static void find_place(int root, const char *wanted, struct arena *a, struct place *out)
{
    *out = (struct place){.dir = root_open(root, ".", O_DIRECTORY)};
    out_init(&out->path, a);
    while (out->dir >= 0) {
        size_t n = strcspn(wanted, "/");
        const char *part = arena_text(a, (struct span){(const uint8_t *)wanted, n});
        const char *name = is_name(part) ? spelling(out->dir, part, a) : NULL;
        out_printf(&out->path, "%s%s", out->path.len > 0 ? "/" : "", name != NULL ? name : wanted);
        out->name = name;
        if (name == NULL) {
            close_fd(&out->dir);
            out->dir = -1;
            errno = ENOENT;
        }
        if (name == NULL || wanted[n] == '\0' || !enter(&out->dir, name))
            return;
        wanted += n + 1;
    }
}

/* Folders ---------------------------------------------------------------------------------- */

static void hand_folder(struct handing *h, int dir, const char *path, unsigned depth);

static void hand_entry(struct handing *h, int dir, const char *name, const char *path,
                       unsigned depth)
{
    struct stat st;
    if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno != ENOENT) /* removed since */
            hand(h, path, state_of(errno), (struct span){0});
        return;
    }
    if (S_ISDIR(st.st_mode) && depth > 0) {
        scoped_fd below = root_open(dir, name, O_DIRECTORY | O_NOFOLLOW);
        hand_folder(h, below, path, depth - 1);
    } else if (!S_ISDIR(st.st_mode) && span_ends_like(span_of(name), h->wish->ends)) {
        if (h->n++ < WINDOWS_FILES_MAX)
            hand_file(h, dir, name, path);
    }
}

static void hand_folder(struct handing *h, int dir, const char *path, unsigned depth)
{
    const char *const *names;
    size_t n = 0;
    enum windows_state s = dir < 0 ? state_of(errno) : WINDOWS_WHOLE;
    enum status st = dir < 0 ? ST_OK : root_list(dir, ".", WINDOWS_FILES_MAX, h->arena, &names, &n);
    if (st != ST_OK)
        s = st == ST_TRUNCATED ? WINDOWS_TOO_LARGE : WINDOWS_UNREADABLE;
    if (s != WINDOWS_WHOLE)
        hand(h, path, s, (struct span){0});
    for (size_t i = 0; i < n && h->more; i++)
        hand_entry(h, dir, names[i], path_in(h->arena, path, names[i]), depth);
}

/* Wishes ----------------------------------------------------------------------------------- */

static bool grant(int root, const struct windows_sink *sink, const struct windows_wish *w,
                  struct arena *a)
{
    struct handing h = {.sink = sink, .wish = w, .arena = a, .more = true};
    struct place p;
    find_place(root, w->path, a, &p);
    const char *path = arena_text(a, out_span(&p.path));
    scoped_fd dir = p.dir;
    if (dir < 0) {
        hand(&h, path, state_of(errno), (struct span){0});
    } else if (w->ends == NULL) {
        hand_file(&h, dir, p.name, path);
    } else {
        scoped_fd folder = root_open(dir, p.name, O_DIRECTORY | O_NOFOLLOW);
        hand_folder(&h, folder, path, w->depth);
    }
    return h.more;
}

/* A copy can hold two folders whose names are one for Windows: only one would be looked at. */
static void warn_of_twins(int root, const struct windows_sink *sink, struct arena *a)
{
    static const char *const folders[] = {"Windows", "Windows/System32", "Windows/System32/config",
                                          "Windows/System32/drivers"};
    for (size_t i = 0; i < COUNT(folders); i++) {
        const char *const *names = NULL;
        size_t n = 0, alike = 0;
        struct place p;
        find_place(root, folders[i], a, &p);
        scoped_fd dir = p.dir;
        if (dir >= 0)
            (void)root_list(dir, ".", WINDOWS_FILES_MAX, a, &names, &n);
        for (size_t k = 0; k < n; k++)
            alike += span_like(span_of(names[k]), span_of(p.name));
        if (alike > 1)
            sink->warn(sink->context,
                       arena_printf(a,
                                    "%s is there more than once, in small and in large letters, "
                                    "which is one name for Windows: make them one folder",
                                    folders[i]));
    }
}

enum status windows_folder(const char *path, const struct windows_sink *sink, struct arena *a,
                           const char **problem)
{
    struct windows_wish more;
    scoped_fd root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root < 0) {
        enum status st = status_from_errno(errno);
        *problem = status_meaning(st);
        return st;
    }
    if (spelling(root, "Windows", a) == NULL) {
        *problem = spelling(root, "System32", a) != NULL
                       ? "is the folder Windows itself: give the folder that contains it"
                       : "does not contain a folder Windows: give the folder where the Windows "
                         "partition is "
                         "mounted";
        return ST_ABSENT;
    }
    warn_of_twins(root, sink, a);
    bool go_on = true;
    for (size_t i = 0; i < n_windows_wishes && go_on; i++)
        go_on = grant(root, sink, &windows_wishes[i], a);
    while (go_on && sink->next(sink->context, &more))
        go_on = grant(root, sink, &more, a);
    return ST_OK;
}
